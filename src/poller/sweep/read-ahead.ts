/** Reads the pages of a sweep, requesting the next page while the previous one is validated and recorded. */
import type { SessionPage } from '../../domain/source.ts';
import type { Context } from '../context.ts';

/** What was asked for: by which token, and the token of the page after it once that is known. */
type Asked = { readonly token: string | null; next: string | null };
type Answer = Asked & { readonly page: Promise<SessionPage> };

export class ReadAhead {
  readonly #ctx: Context;
  readonly #mayAsk: (token: string) => boolean;
  readonly #signal: AbortSignal;
  /** The page that the sweep waits for or works on. */
  #current: Asked | null = null;
  /** The page after it. */
  #ahead: Answer | null = null;

  /** `mayAsk`: whether the page of a token may be asked for before the one at hand was entered. */
  constructor(ctx: Context, mayAsk: (token: string) => boolean, signal: AbortSignal) {
    this.#ctx = ctx;
    this.#mayAsk = mayAsk;
    this.#signal = signal;
  }

  /** The page of `token`, asked for before or now. Never more than one page is ahead of it. */
  read(token: string | null): Promise<SessionPage> {
    const current = this.#ahead?.token === token ? this.#ahead : this.#ask(token);
    this.#current = current;
    this.#ahead = null;
    this.#askAhead(current);
    return current.page;
  }

  /** True when the next page is on its way. */
  get isAhead(): boolean {
    return this.#ahead !== null;
  }

  #ask(token: string | null): Answer {
    const { plan, state } = this.#ctx;
    const request = { projectId: state.project.id, token, priority: 'sweep' } as const;
    const asked: Asked = { token, next: null };
    const page = plan.source.page(request, this.#signal, (next) => {
      asked.next = next;
      if (this.#current === asked) this.#askAhead(asked);
    });
    page.catch(() => {}); // it is awaited later; until then a rejection is nobody's fault
    return Object.assign(asked, { page });
  }

  #askAhead({ next }: Asked): void {
    if (next === null || this.#ahead?.token === next || !this.#mayAsk(next)) return;
    this.#ahead = this.#ask(next);
  }
}
