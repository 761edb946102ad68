/** The series of each account: zeros when it becomes known, none left when it is gone. */
import { POLL_ERROR_CODES } from '../../domain/errors.ts';
import { ENDPOINTS, type Endpoint } from '../../domain/observer.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Instruments } from './instruments.ts';

/** Codes of attempts that every account shows at 0; the others appear with their first attempt. */
const FIRST_CODES = ['200', 'error'] as const;

export class Accounts {
  readonly #instruments: Instruments;
  /** Codes seen, by account. */
  readonly #codes = new Map<string, Set<string>>();
  #accounting: Rules['accounting'];

  constructor(instruments: Instruments, accounting: Rules['accounting']) {
    this.#instruments = instruments;
    this.#accounting = accounting;
  }

  /** After a reload. With `last_run` no history is read, and the bytes of histories are absent. */
  setAccounting(accounting: Rules['accounting']): void {
    if (accounting === this.#accounting) return;
    this.#accounting = accounting;
    for (const account of this.#codes.keys()) {
      if (accounting === 'last_run') this.#instruments.historyBytes.remove({ account });
      else this.#instruments.historyBytes.inc({ account }, 0);
    }
  }

  /** An account that is known already keeps its counts. */
  add(account: string): void {
    if (this.#codes.has(account)) return;
    this.#codes.set(account, new Set(FIRST_CODES));
    const { pages, sessionsSeen, requests, requestDuration, retries } = this.#instruments;
    pages.inc({ account }, 0);
    sessionsSeen.inc({ account }, 0);
    this.historyRead(account, 0);
    for (const reason of POLL_ERROR_CODES) retries.inc({ account, reason }, 0);
    for (const endpoint of ENDPOINTS) {
      requestDuration.zero({ account, endpoint });
      for (const code of FIRST_CODES) requests.inc({ account, endpoint, code }, 0);
    }
  }

  request(account: string, endpoint: Endpoint, code: string, seconds: number): void {
    this.#codes.get(account)?.add(code);
    this.#instruments.requests.inc({ account, endpoint, code });
    this.#instruments.requestDuration.observe({ account, endpoint }, seconds);
  }

  /** Not shown once a reload to `last_run` has ended the reading of histories. */
  historyRead(account: string, bytes: number): void {
    if (this.#accounting === 'every_run') this.#instruments.historyBytes.inc({ account }, bytes);
  }

  remove(account: string): void {
    const { pages, sessionsSeen, historyBytes, rateLimit } = this.#instruments;
    for (const metric of [pages, sessionsSeen, historyBytes, rateLimit]) metric.remove({ account });
    for (const reason of POLL_ERROR_CODES) this.#instruments.retries.remove({ account, reason });
    for (const endpoint of ENDPOINTS) this.#removeRequests(account, endpoint);
    this.#codes.delete(account);
  }

  #removeRequests(account: string, endpoint: Endpoint): void {
    this.#instruments.requestDuration.remove({ account, endpoint });
    for (const code of this.#codes.get(account) ?? []) this.#instruments.requests.remove({ account, endpoint, code });
  }
}
