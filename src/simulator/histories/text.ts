/** The event history of a session as the JSON text that `GET /api/v1/chat/{id}` answers, made in chunks. */

import { summaryOf } from '../api/json.ts';
import { Random } from '../world/random.ts';
import type { Session } from '../world/types.ts';
import type { History } from './history.ts';

/** Bulky content is one chunk of this many words repeated, some 30 kB, so that a history of any size costs no memory. */
const CHUNK_WORDS = 5_000;

const WORDS = [
  'revenue',
  'clause',
  'margin',
  '§ 7',
  'naïve',
  '北京',
  '"quoted"',
  'back\\slash',
  'line\nbreak',
  '🚀',
  'the',
  'of',
];

/**
 * The JSON text of a full session with its events, in chunks. The text follows from the session's id and its runs, so
 * that two readings agree. Half of the sessions have their events first, half last: the order of keys means nothing.
 */
export function* historyText(history: History): Generator<string> {
  const { version } = history;
  const fields = JSON.stringify(summaryOf(version));
  const eventsFirst = new Random(version.id).chance(0.5);
  yield eventsFirst ? '{' : `${fields.slice(0, -1)},`;
  yield '"events":[';
  yield* separated(eventsOf(history));
  yield eventsFirst ? `],${fields.slice(1)}` : ']}';
}

function* separated(texts: Iterable<Iterable<string>>): Generator<string> {
  let first = true;
  for (const chunks of texts) {
    if (!first) yield ',';
    first = false;
    yield* chunks;
  }
}

/** Each event as the chunks of its JSON text. */
function* eventsOf({ version, stops, bytes }: History): Generator<Iterable<string>> {
  const { session } = version;
  const share = stops.length === 0 ? 0 : Math.ceil(bytes / stops.length);
  for (const stop of stops) {
    yield* talk(session, stop.place);
    if (share > 0) yield bulk(session, stop.place, share);
    yield [event(stop.event)];
  }
  if (version.running !== null) yield [event({ type: 'user_input', content: session.title ?? 'Go on.' })];
}

function* talk(session: Session, place: number): Generator<Iterable<string>> {
  const random = new Random(session.id).fork(`run ${place}`);
  const call_id = `call_${random.hex(6)}`;
  yield [
    event({ type: 'user_input', content: place === 0 && session.title !== null ? session.title : prose(random, 8) }),
  ];
  yield [event({ type: random.chance(0.5) ? 'thinking' : 'thinking_delta', content: prose(random, 12) })];
  if (random.chance(0.6)) {
    yield [event({ type: 'tool_call', call_id, name: 'retrieve', arguments: { query: prose(random, 4), top_k: 5 } })];
    yield [
      event({ type: 'tool_result', call_id, name: 'retrieve', result: toolResult(random), image_attachment: null }),
    ];
  }
  yield [event({ type: random.chance(0.8) ? 'text' : 'text_delta', content: prose(random, 20) })];
}

/** What a tool found. It may look like a `stop` event, and is none: only the top level of `events` counts. */
function toolResult(random: Random): unknown {
  const decoy = { type: 'stop', is_error: false, error: null, usage: { total_input_tokens: 999_999, turns: 99 } };
  return random.chance(0.3) ? { events: [decoy], log: JSON.stringify(decoy) } : { passages: [prose(random, 6)] };
}

/** One text event of about `bytes` bytes. */
function* bulk(session: Session, place: number, bytes: number): Generator<string> {
  const chunk = prose(new Random(session.id).fork(`bulk ${place}`), CHUNK_WORDS);
  const text = JSON.stringify(chunk).slice(1, -1);
  const size = Buffer.byteLength(text);
  yield '{"type":"text","content":"';
  for (let written = 0; written < bytes; written += size) yield text;
  yield '"}';
}

function event(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(fields);
}

function prose(random: Random, words: number): string {
  return Array.from({ length: words }, () => random.pick(WORDS)).join(' ');
}
