/** Titles of sessions, drawn at random. */
import type { Random } from '../world/random.ts';

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
