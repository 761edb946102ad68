/** The cases of all alerts in the order of the rules. */
import type { AlertCase } from '../case.ts';
import { API_CASES } from './api.ts';
import { BEHAVIOUR_CASES } from './behaviour.ts';
import { BUDGET_CASES } from './budgets.ts';
import { COST_CASES } from './cost.ts';
import { EXPORTER_CASES } from './exporter.ts';
import { FAILURE_CASES } from './failures.ts';
import { MEMBER_CASES } from './members.ts';
import { POLLING_CASES } from './polling.ts';
import { STATE_CASES } from './state.ts';

export const CASES: readonly AlertCase[] = [
  ...EXPORTER_CASES,
  ...STATE_CASES,
  ...MEMBER_CASES,
  ...API_CASES,
  ...POLLING_CASES,
  ...FAILURE_CASES,
  ...BEHAVIOUR_CASES,
  ...COST_CASES,
  ...BUDGET_CASES,
];
