/** The settings of a source: plain data, made by the composition root from the validated configuration. */
import type { ConnectionSettings } from './transport/connection.ts';

/** Where the account's key comes from. Its text is read for one request header and kept nowhere else. */
export type ApiKey = {
  /** The key as last read. */
  current(): string | Promise<string>;
  /** Reads the key again (the file may have been replaced) and answers it; called when a request got 401. */
  refresh(): Promise<string>;
};

export type AccountSettings = {
  /** The label `account`. */
  readonly name: string;
  /** `https://host[:port][/prefix]`. */
  readonly baseUrl: string;
  readonly apiKey: ApiKey;
  /** Null: all organizations that the key can see. */
  readonly organizationId: string | null;
  /** Set: this project only, and no list of projects is asked for. */
  readonly projectId: string | null;
  /** 0: no limit of our own. */
  readonly requestsPerMinute: number;
  /** The share of the requests that histories may have where a limit is in force, above 0 to 1. */
  readonly historyShare: number;
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Milliseconds for one attempt, from the connection to the last byte. */
  readonly requestTimeoutMs: number;
  readonly connection: ConnectionSettings;
  /** Sessions asked for per page; the API may return fewer. */
  readonly pageSize: number;
};
