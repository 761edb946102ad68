/** How long leases last and how often they are renewed: fixed in production, shorter in tests. */
import { type Micros, SECOND } from '../../../domain/time.ts';

export type Tuning = {
  /** How long a member's lease, and the discovery lease, lasts after a heartbeat; microseconds of the database's clock. */
  readonly lease: Micros;
  /** From one heartbeat to the next, milliseconds. */
  readonly beatMs: number;
  /** Milliseconds after the moment at which the last successful heartbeat was sent: after that a member considers itself dead. */
  readonly deadlineMs: number;
  /** How long a scrape waits for a refresh, milliseconds. */
  readonly refreshMs: number;
};

export const TUNING: Tuning = {
  lease: 10 * SECOND,
  beatMs: 2_000,
  deadlineMs: 8_000,
  refreshMs: 2_000,
};
