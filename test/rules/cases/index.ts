import type { AlertCase } from '../case.ts';
import { API_CASES } from './api.ts';
import { BEHAVIOUR_CASES } from './behaviour.ts';
import { COST_CASES } from './cost.ts';
import { ERROR_CASES } from './errors.ts';
import { EXPORTER_CASES } from './exporter.ts';
import { POLLING_CASES, SWEEP_CASES } from './polling.ts';
import { READ_CASES } from './reads.ts';
import { STATE_CASES } from './state.ts';

export const CASES: readonly AlertCase[] = [
  ...EXPORTER_CASES,
  ...STATE_CASES,
  ...API_CASES,
  ...POLLING_CASES,
  ...SWEEP_CASES,
  ...READ_CASES,
  ...ERROR_CASES,
  ...BEHAVIOUR_CASES,
  ...COST_CASES,
];
