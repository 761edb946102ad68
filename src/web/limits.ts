/** Limits per client, so that none can occupy the server for long or fill its memory. */

export type Limits = {
  /** All headers of a request, bytes; beyond it 431. */
  readonly headerBytes: number;
  /** Headers of a request; further ones are ignored. */
  readonly headerCount: number;
  /** Connections open at once per listen address; beyond it new ones are closed, and idle ones with them. */
  readonly connections: number;
  /** Until a TLS handshake is done, milliseconds. */
  readonly handshakeMs: number;
  /** Until the headers of a request have arrived, milliseconds; then 408. */
  readonly headersMs: number;
  /** Until a whole request has arrived, milliseconds; then 408. */
  readonly requestMs: number;
  /** Without a byte moving on a connection in use, milliseconds; then it is closed. */
  readonly stalledMs: number;
  /** Between two requests of a connection, milliseconds: longer than the usual scrape interval of a minute, so that scrapes reuse it. */
  readonly keepAliveMs: number;
  /** How long a scrape may take before another one may take its place, milliseconds. */
  readonly scrapeMs: number;
  /** How often the timeouts above are looked at, milliseconds. */
  readonly checkMs: number;
  /** What answers under way have left when the server stops, milliseconds. */
  readonly stopMs: number;
};

export const LIMITS: Limits = {
  headerBytes: 8192,
  headerCount: 100,
  connections: 512,
  handshakeMs: 10_000,
  headersMs: 10_000,
  requestMs: 10_000,
  stalledMs: 60_000,
  keepAliveMs: 75_000,
  scrapeMs: 60_000,
  checkMs: 1000,
  stopMs: 2000,
};
