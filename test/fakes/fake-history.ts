/** Histories of the fake API, and the runs that they are made of. */
import { type ErrorCode, ExporterError } from '../../src/domain/errors.ts';
import { type Figures, NO_FIGURES, type Run, type Session } from '../../src/domain/session.ts';

/** What a request for a history is answered. */
export type FakeHistory = {
  /** Oldest first; null: the one run that the list shows, if any. */
  readonly stops: readonly Run[] | null;
  /** The answer's own session; null: as the list shows it. */
  readonly session: Session | null;
  /** What the request fails with; `hang`: no answer comes until it is aborted. */
  readonly fault: ExporterError | 'hang' | null;
  /** What the answer costs, unpacked. */
  readonly bytes: number;
};

export const NO_CHANGES: FakeHistory = { stops: null, session: null, fault: null, bytes: 0 };

/** Figures of a plain successful run, with what a test changes. Durations in milliseconds. */
export function figures(change: Partial<Omit<Figures, 'durationUs'>> & { durationMs?: number | null } = {}): Figures {
  const { durationMs = 1500, ...rest } = change;
  return {
    durationUs: durationMs === null ? null : durationMs * 1000,
    isError: false,
    errorHash: null,
    inputTokens: 100,
    outputTokens: 10,
    turns: 2,
    ...rest,
  };
}

/** A run that is told apart by its input tokens. */
export function run(tokens: number): Figures {
  return figures({ inputTokens: tokens });
}

/** A stop that cannot be read. */
export const MALFORMED: Figures = NO_FIGURES;

/** The stops of a history. */
export function stopsOf(runs: readonly Figures[]): readonly Run[] {
  return runs.map((each) => ({ figures: each, errorText: null }));
}

/** A session as the answer with its history may show it. */
export function sessionOf(id: string, updatedAt: number, newest: Figures | null): Session {
  return { id, updatedAt, run: newest === null ? null : { figures: newest, errorText: null }, indexIds: [] };
}

/** A refused request. */
export function refusal(code: ErrorCode): ExporterError {
  return new ExporterError(code, `refused: ${code}`, 'wait');
}

/** Never answers; rejects with the signal's reason. */
export function hanging(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
