/** What failed runs say, by the cause of the failure. */
import type { FailureCause } from '../world/types.ts';

/**
 * Error texts as agents write them, by cause. Written from what model providers and vector stores say, without a look at
 * any classifier: whoever reads them must find the cause by itself.
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
