/** A session's history as it streams in: only its `stop` events are kept, all else is dropped as it comes. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { JSONParser } from '@streamparser/json';
import type { Stop } from '../domain/source.ts';
import { type BodySink, encodingOf, requireJson, tooLarge, UnreadableBody } from './body.ts';
import { runFrom } from './figures.ts';
import type { Headers } from './headers.ts';
import { StopEvent } from './schema.ts';

/** A history is refused beyond this many bytes, unpacked. */
const HISTORY_LIMIT = 512 * 1024 * 1024;

/** Strings are gathered in a buffer of this size: ten times faster than growing them character by character. */
const STRING_BUFFER = 64 * 1024;

/** Takes the body of `GET /api/v1/chat/{sessionId}`; yields to the event loop after each chunk. */
export function historySink(headers: Headers, sessionId: string, limit = HISTORY_LIMIT): BodySink<readonly Stop[]> {
  requireJson(headers);
  const encoding = encodingOf(headers);
  const parser = new StopParser(sessionId, limit);
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
function unpackingSink(parser: StopParser, unpacker: Unpacker): BodySink<readonly Stop[]> {
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

/** Finds the stop events in the bytes of a history. Its errors quote nothing: what a parser says of them would. */
class StopParser {
  #parser = new JSONParser({
    paths: ['$.session_id', '$.events.*'],
    keepStack: false,
    stringBufferSize: STRING_BUFFER,
  });
  #limit: number;
  #size = 0;
  #stops: Stop[] = [];
  #isTheSession = false;
  #failure: UnreadableBody | null = null;

  constructor(sessionId: string, limit: number) {
    this.#limit = limit;
    this.#parser.onValue = ({ key, value, stack }) => {
      if (stack.length > 1) this.#readEvent(key, value);
      else this.#isTheSession = value === sessionId;
    };
    this.#parser.onError = () => {
      this.#failure ??= new UnreadableBody('its body is not valid JSON in UTF-8');
    };
  }

  write(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size > this.#limit) throw tooLarge(this.#limit);
    this.#parser.write(bytes);
    if (this.#failure !== null) throw this.#failure;
  }

  end(): readonly Stop[] {
    if (!this.#parser.isEnded) throw new UnreadableBody('its body ends too early');
    if (!this.#isTheSession) throw new UnreadableBody('its body is not the session that was asked for');
    return this.#stops;
  }

  #readEvent(key: unknown, value: unknown): void {
    if (typeof key !== 'number') this.#failure ??= new UnreadableBody('its events are no list');
    if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'stop') return;
    const stop = StopEvent.safeParse(value);
    if (stop.success) this.#stops.push(runFrom(stop.data.usage, stop.data.is_error ?? null, stop.data.error ?? null));
    else this.#failure ??= new UnreadableBody('a stop event in its body is malformed');
  }
}
