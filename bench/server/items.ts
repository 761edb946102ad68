/** Sessions as the API lists them, written straight as JSON text: a million of them are made in a few seconds. */

const WORDS =
  'main findings quarter invoice contract policy refund margin churn supplier audit renewal risk forecast'.split(' ');
const ERRORS = [
  'Rate limit exceeded, please retry later',
  'Request timed out after 300 s',
  'Internal server error',
  'The index idx-4f2a was not found',
  'maximum context length is 200000 tokens',
] as const;

/** Uniform 32-bit numbers from a seed: splitmix32. */
function numbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}

/** A stretched seed, so that neighbours have nothing in common. */
function seedOf(list: number, no: number, version: number): number {
  return Math.imul(list + 1, 0x27d4eb2d) ^ Math.imul(no + 1, 0x165667b1) ^ Math.imul(version, 0x9e3779b1);
}

/** The id of a session; random as real ids are: 14 characters that say nothing of the session's place. */
export function sessionId(list: number, no: number): string {
  const next = numbers(seedOf(list, no, 0));
  return `ses-${next().toString(36).padStart(7, '0')}${next().toString(36).padStart(7, '0')}`;
}

/** Microseconds as the API writes them: UTC, no zone. */
function timestamp(micros: number): string {
  const text = new Date(Math.floor(micros / 1000)).toISOString();
  return `${text.slice(0, -1)}${String(micros % 1000).padStart(3, '0')}`;
}

/** One item. `version` 0 is the session's first run, each later version another run; one session in 33 never ran at first. */
export function sessionJson(list: number, no: number, version: number, updatedAt: number): string {
  const next = numbers(seedOf(list, no, version + 1));
  const word = (): string => WORDS[next() % WORDS.length] as string;
  const title = `What was the ${word()} of the ${word()} and the ${word()} in week ${next() % 53}?...`;
  const indexes = next() % 4 === 0 ? 'null' : `["idx-${(next() % 40) + 100}","idx-${(next() % 900) + 100}"]`;
  const run = version === 0 && next() % 33 === 0 ? 'null' : metadata(next);
  return `{"last_updated_at":"${timestamp(updatedAt)}","session_id":"${sessionId(list, no)}","generated_title":"${title}","index_ids":${indexes},"job_metadata":${run}}`;
}

function metadata(next: () => number): string {
  const failed = next() % 20 === 0;
  const error = failed ? `"${ERRORS[next() % ERRORS.length]}"` : 'null';
  return `{"duration_ms":${(next() % 90_000_000) / 1000 + 400},"error":${error},"export_config_ids":["exp-${next() % 1000}"],"is_error":${failed},"total_input_tokens":${200 + (next() % 60_000)},"total_output_tokens":${20 + (next() % 4000)},"turns":${1 + (next() % 12)}}`;
}

/** What stands between two runs in a history: what a user wrote, and how the agent thought about it. */
const TALK = `{"type":"user_input","text":"${'words of a user '.repeat(8)}"},{"type":"thinking","text":"${'thoughts '.repeat(40)}"}`;

/** The session with its history: a stop for each of its runs up to `version`. */
export function historyJson(list: number, no: number, version: number, updatedAt: number): string {
  const events: string[] = [];
  for (let v = 0; v <= version; v++) {
    const { job_metadata: run } = JSON.parse(sessionJson(list, no, v, updatedAt)) as { job_metadata: Run | null };
    if (run === null) continue;
    const { error, is_error, ...usage } = run;
    events.push(TALK, JSON.stringify({ type: 'stop', error, is_error, usage }));
  }
  return `${sessionJson(list, no, version, updatedAt).slice(0, -1)},"events":[${events.join(',')}]}`;
}

type Run = { readonly error: string | null; readonly is_error: boolean };
