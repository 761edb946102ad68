/** Any sequence of store calls, with so few pending entries that they move into the look-up table all the time. */
import { describe } from 'vitest';
import { modelContract } from '../contract/random.ts';
import { inFile } from './support.ts';

describe.each([1, 25, 100])('with %i pending entries', (pendingEntries) => {
  modelContract(inFile({ pendingEntries }, 0.5));
});
