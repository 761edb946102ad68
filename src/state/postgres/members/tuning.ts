/** How long leases last and how often they are renewed: fixed in production, shorter in tests. */
import { SECOND, type Micros } from '../../../domain/time.ts';

export type Tuning = {
  /** How long a member's lease, and that of the census, stands after a heartbeat; microseconds of the database's clock. */
  readonly lease: Micros;
  /** From one heartbeat to the next, milliseconds. */
  readonly beatMs: number;
  /** Milliseconds after the moment at which the last successful heartbeat was sent: past them a member takes itself for dead. */
  readonly deadlineMs: number;
  /** How long a scrape waits for a refresh, milliseconds. */
  readonly refreshMs: number;
  /** The server's timeline as an SQL expression of type text; not to be evaluated in recovery. */
  readonly timeline: string;
};

/** The control file's `timeline_id` lags behind a promotion; the name of the current WAL file does not. */
const TIMELINE = 'substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)';

export const TUNING: Tuning = {
  lease: 10 * SECOND,
  beatMs: 2_000,
  deadlineMs: 8_000,
  refreshMs: 2_000,
  timeline: TIMELINE,
};
