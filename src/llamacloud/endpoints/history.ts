/** Parses a session's history as it streams in: keeps its time, metadata and `stop` events, and drops everything else. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { JSONParser } from '@streamparser/json';
import { NO_FIGURES, type Run } from '../../domain/session.ts';
import type { History } from '../../domain/source.ts';
import type { Micros } from '../../domain/time.ts';
import { type BodySink, encodingOf, requireJson, tooLarge, UnreadableBody } from '../transport/body.ts';
import type { Headers } from '../transport/headers.ts';
import { runFrom } from './figures.ts';
import { StringCutter } from './long-strings.ts';
import { StopEvent } from './schema.ts';
import { readSession } from './sessions.ts';

/** A history is refused beyond this many bytes, unpacked. */
const HISTORY_LIMIT = 512 * 1024 * 1024;

/** Strings are gathered in a buffer of this size: ten times faster than growing them character by character. */
const STRING_BUFFER = 64 * 1024;

export type HistoryReading = {
  readonly sessionId: string;
  /** Server time of the answer. */
  readonly serverTime: Micros;
  /** Hears how many bytes were read, unpacked, piece by piece. */
  readonly onBytes: (bytes: number) => void;
};

/** What follows in a string is left out: nothing that is kept is as long, but an error text whose class its beginning tells. */
const STRING_LIMIT = 1024 * 1024;

/** Takes the body of `GET /api/v1/chat/{sessionId}`; yields to the event loop after each chunk. */
export function historySink(headers: Headers, reading: HistoryReading, limit = HISTORY_LIMIT): BodySink<History> {
  requireJson(headers);
  const encoding = encodingOf(headers);
  const parser = new HistoryParser(reading, limit);
  if (encoding !== null) return unpackingSink(parser, encoding === 'gzip' ? createGunzip() : createBrotliDecompress());
  return {
    write(chunk) {
      parser.write(chunk);
      return nextTurn();
    },
    end: () => parser.end(),
  };
}

type Unpacker = ReturnType<typeof createGunzip>;

/** Feeds the unpacked bytes to the parser; a chunk is done when all that it held has been parsed. */
function unpackingSink(parser: HistoryParser, unpacker: Unpacker): BodySink<History> {
  let failure: Error | null = null;
  unpacker.on('error', () => {
    failure ??= new UnreadableBody('its packed body is broken');
  });
  unpacker.on('data', (bytes: Buffer) => {
    try {
      if (failure === null) parser.write(bytes);
    } catch (error) {
      failure = error as Error;
      unpacker.destroy();
    }
  });
  const settle = (resolve: () => void, reject: (error: Error) => void): void => {
    if (failure === null) resolve();
    else reject(failure);
  };
  return {
    write: (chunk) =>
      new Promise((resolve, reject) => {
        const done = (): void => settle(resolve, reject);
        unpacker.once('close', done);
        unpacker.write(chunk, () => {
          unpacker.off('close', done);
          done();
        });
      }),
    end: () =>
      new Promise<void>((resolve, reject) => {
        if (unpacker.closed) return settle(resolve, reject);
        unpacker.once('close', () => settle(resolve, reject));
        unpacker.end();
      }).then(() => parser.end()),
  };
}

/** Finds what is kept in the bytes of a history. Its errors quote nothing: what a parser says of them would. */
class HistoryParser {
  readonly #parser = new JSONParser({
    paths: ['$.session_id', '$.last_updated_at', '$.job_metadata', '$.index_ids', '$.events', '$.events.*'],
    keepStack: false,
    stringBufferSize: STRING_BUFFER,
  });
  readonly #cutter = new StringCutter(STRING_LIMIT, (bytes) => this.#parser.write(bytes));
  readonly #reading: HistoryReading;
  readonly #limit: number;
  #size = 0;
  /** Fields of the session, as an item of the list has them. */
  readonly #fields: Record<string, unknown> = {};
  #stops: Run[] | null = null;
  #pending: Run[] = [];
  #failure: UnreadableBody | null = null;

  constructor(reading: HistoryReading, limit: number) {
    this.#reading = reading;
    this.#limit = limit;
    this.#parser.onValue = ({ key, value, parent, stack }) => {
      if (stack.length > 1) this.#readEvent(value, parent);
      else if (key === 'events') this.#endEvents(value);
      else this.#fields[key as string] = value;
    };
    this.#parser.onError = () => {
      this.#failure ??= new UnreadableBody('its body is not valid JSON in UTF-8');
    };
  }

  write(bytes: Buffer): void {
    this.#size += bytes.length;
    this.#reading.onBytes(bytes.length);
    if (this.#size > this.#limit) throw tooLarge(this.#limit);
    this.#cutter.push(bytes);
    if (this.#failure !== null) throw this.#failure;
  }

  end(): History {
    if (!this.#parser.isEnded) throw new UnreadableBody('its body ends too early');
    const session = readSession(this.#fields, this.#reading.serverTime);
    if (this.#fields['session_id'] !== this.#reading.sessionId) {
      throw new UnreadableBody('its body is not the session that was asked for');
    }
    if ('reason' in session) throw new UnreadableBody(`its session is malformed (${session.reason})`);
    if (this.#stops === null) throw notAList();
    return { session, stops: this.#stops };
  }

  /** An event that was looked at is forgotten, or the list of all of them would be built up in memory. */
  #readEvent(event: unknown, events: unknown): void {
    if (!Array.isArray(events)) {
      this.#failure ??= notAList();
      return;
    }
    events.length = 0;
    if (typeof event !== 'object' || event === null || !('type' in event) || event.type !== 'stop') return;
    this.#pending.push(stopOf(event));
  }

  #endEvents(events: unknown): void {
    this.#stops = Array.isArray(events) ? this.#pending : null;
    this.#pending = [];
  }
}

function notAList(): UnreadableBody {
  return new UnreadableBody('its events are not a list');
}

/** A run whose figures cannot be read has ended all the same: they are null then. */
function stopOf(event: object): Run {
  const { data } = StopEvent.safeParse(event);
  if (data === undefined) return { figures: NO_FIGURES, errorText: null };
  return runFrom(data.usage, data.is_error ?? null, data.error ?? null);
}
