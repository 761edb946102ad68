/** Reads event histories over HTTP, as a client of the service does. */
import type { RuleInput } from '../../../src/simulator/faults/switchboard.ts';
import { ask, served } from '../helpers.ts';

export interface FullSession {
  last_updated_at: string;
  job_metadata: Record<string, unknown> | null;
  events: { type: string; is_error?: unknown; error?: unknown; usage?: Record<string, unknown> | null | string }[];
}

/** One session of five runs, a minute apart; their input tokens are 1 to 5. */
export async function fiveRuns() {
  const home = await served(1);
  const id = home.world.addSession(home.project.id, { id: 'ses-five' }).id;
  for (let n = 1; n <= 5; n += 1) {
    home.clock.advance(60_000);
    home.world.runOnce(id, runOf(n));
  }
  const on = (fault: RuleInput['fault'], match: RuleInput['match'] = { endpoint: 'session' }) =>
    home.simulator.faults.add({ match, fault });
  const read = async (): Promise<FullSession> => {
    const response = await ask(home.simulator, `/api/v1/chat/${id}`);
    if (response.status !== 200) throw new Error(`the history answered ${response.status}`);
    return (await response.json()) as FullSession;
  };
  return { ...home, id, on, read };
}

/** A run whose figures are told by one number. */
export function runOf(n: number) {
  const figures = { is_error: false, error: null, total_input_tokens: n, total_output_tokens: 10 * n, turns: 1 };
  return { figures: { ...figures, duration_ms: 1000 * n + 0.4 }, cause: null };
}

/** The stops of a history, in order. */
export function stopsOf(session: FullSession): FullSession['events'] {
  return session.events.filter((event) => event.type === 'stop');
}

/** The input tokens that the stops tell. */
export function inputsOf(session: FullSession): unknown[] {
  return stopsOf(session).map(({ usage }) => (usage as Record<string, unknown>)['total_input_tokens']);
}
