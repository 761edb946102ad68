/** The whole contract of the port `Store`, for one kind of state. */
import { describe } from 'vitest';
import { countsContract } from './counts.ts';
import { historyContract } from './history.ts';
import type { Kind } from './kind.ts';
import { projectsContract } from './projects.ts';
import { purgeContract } from './purge.ts';
import { modelContract } from './random.ts';
import { rowsContract } from './rows.ts';
import { settledContract } from './settled.ts';
import { unverifiedContract } from './unverified.ts';

const PARTS = [
  rowsContract,
  settledContract,
  countsContract,
  projectsContract,
  purgeContract,
  unverifiedContract,
  historyContract,
  modelContract,
];

export function storeContract(kind: Kind): void {
  describe(`in ${kind.name}`, () => {
    for (const part of PARTS) part(kind);
  });
}
