/** The list of all families that are rendered per project. */
import { MONEY_FAMILIES } from './money.ts';
import { POLLING_FAMILIES } from './polling.ts';
import { RUN_FAMILIES } from './runs.ts';
import type { Family } from './sample.ts';
import { SESSION_FAMILIES } from './sessions.ts';

/** All families of scope `project`, in the order of the catalogue and of the exposition. */
export const FAMILIES: readonly Family[] = [
  ...RUN_FAMILIES,
  ...SESSION_FAMILIES,
  ...MONEY_FAMILIES,
  ...POLLING_FAMILIES,
];
