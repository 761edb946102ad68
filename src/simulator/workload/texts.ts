/** Texts that people and agents write: titles of sessions, and error texts of failed runs by cause. */
import type { Random } from '../world/random.ts';
import type { FailureCause } from '../world/types.ts';

const ASKS = [
  'Why was the salary of {who} cut in {when}',
  'Summarise the medical report of {who} from {when}',
  'What did {who} write to {firm} about the lawsuit',
  'Compare the offers of {firm} with the {when} contract',
  'List all invoices of {firm} that {who} did not approve',
  'Draft a dismissal letter for {who}',
  'How much did we pay {firm} in {when}',
  'Was ist mit der Kündigung von {who} passiert',
  '{firm} との契約の更新条件を教えてください',
  'Is the password "{secret}" still in use at {firm}',
] as const;
const PEOPLE = ['Anna Keller', 'J. Okafor', 'Maria del Carmen', 'Tom "TJ" Jones', 'Dr. Søren Ægir', 'Li Wei'] as const;
const FIRMS = [
  'Acme GmbH',
  'Initech',
  'O’Neill & Sons',
  'Globex <Holding>',
  'Umbrella Health',
  'Stark 🚀 Labs',
] as const;
const TIMES = ['Q1', 'Q2', 'Q3', 'March 2026', 'the last year', 'week 17'] as const;

/** A title as the API derives it from a user's first message: private by nature, and not plain ASCII. */
export function drawTitle(random: Random): string {
  const text = random
    .pick(ASKS)
    .replace('{who}', random.pick(PEOPLE))
    .replace('{firm}', random.pick(FIRMS))
    .replace('{when}', random.pick(TIMES))
    .replace('{secret}', random.hex(4));
  return `${text}?...`;
}

/**
 * Error texts as agents write them, by cause. Written from what model providers and vector stores say, independently of
 * any classifier, which must find the cause by itself.
 */
export const ERROR_TEXTS: Readonly<Record<Exclude<FailureCause, 'unknown'>, readonly string[]>> = {
  rate_limited: [
    'Error code: 429 - Too Many Requests',
    'Rate limit reached for requests per minute. Please slow down.',
    'RateLimitError: rate limit exceeded for model, retry in 12s',
  ],
  timeout: [
    'Request timed out.',
    'Agent run exceeded its deadline: timeout after 600s',
    'ReadTimeout: the model did not answer in time (timed out)',
  ],
  context_length: [
    "This model's maximum context length is 200000 tokens. However, your messages resulted in 231877 tokens.",
    'prompt is too long: 208310 tokens > 200000 maximum',
    'context_length_exceeded: input does not fit the context window',
  ],
  authentication: [
    'Error code: 401 - Unauthorized',
    'AuthenticationError: invalid api key provided',
    'Authentication failed for the model provider',
  ],
  index_unavailable: [
    'Index idx-7be1f0c2 not found',
    'Retrieval failed: index is unavailable while it is being rebuilt',
    'The index could not be queried: index not ready',
  ],
  cancelled: ['Run was cancelled by the user', 'asyncio.CancelledError: Cancelled', 'Task canceled by client'],
  content_filter: [
    'The response was filtered by the content filter',
    'Blocked by content_filter: output violates the content policy',
    'The request was refused by the content management policy (content filter)',
  ],
  internal: [
    'Internal server error',
    'Error code: 500 - internal error',
    'An internal error occurred. Please try again.',
  ],
  other: [
    'The agent produced no usable answer',
    'Tool "spreadsheet" returned rows of unequal length',
    'Unsupported file format: .pages',
  ],
};

/** All causes, in no particular order of weight. */
export const CAUSES: readonly FailureCause[] = [
  ...(Object.keys(ERROR_TEXTS) as Exclude<FailureCause, 'unknown'>[]),
  'unknown',
];
