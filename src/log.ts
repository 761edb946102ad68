/** The log: pino on stderr, JSON or pretty, with all keys removed. stdout belongs to the metrics that `once` writes. */
import { type DestinationStream, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';

import { ExporterError } from './domain/errors.ts';
import type { Fields, Logger } from './domain/logger.ts';
import { aboveStatus, columns, wrapped } from './terminal.ts';

/** `auto`: pretty on a terminal, else JSON. */
export type LogOptions = {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly format: 'json' | 'logfmt' | 'pretty' | 'auto';
};

const HIDDEN = '[hidden]';
const SECRET_NAME = /authorization|api[-_]?key|password|passwd|secret|cookie/i;
/** Deeper than this nothing of ours goes. */
const DEEPEST = 6;

const secrets = new Set<string>();

/** Registers a secret value: from now on no line of the log contains it. Shorter than 4 characters would hide ordinary text. */
export function redact(value: string): void {
  if (value.length >= 4) secrets.add(value);
}

/** A text without the registered secrets and without whatever follows `Bearer` or `Basic`. */
export function withoutSecrets(text: string): string {
  let safe = text;
  for (const secret of secrets) safe = safe.replaceAll(secret, HIDDEN);
  return safe.replaceAll(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${HIDDEN}`);
}

/** `stacks`: the stack of an error that is none of ours goes into the line, as on level debug. */
function safeValue(value: unknown, stacks: boolean, depth = 0): unknown {
  if (typeof value === 'string') return withoutSecrets(value);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Error) return safeError(value, stacks, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '...';
  if (Array.isArray(value)) return value.map((item) => safeValue(item, stacks, depth + 1));
  const entries = Object.entries(value).map(([key, inner]) => [
    withoutSecrets(key),
    SECRET_NAME.test(key) ? HIDDEN : safeValue(inner, stacks, depth + 1),
  ]);
  return Object.fromEntries(entries) as unknown;
}

/** Message, code and fix, and the messages of what caused it. */
function safeError(error: Error, stacks: boolean, depth: number): Fields {
  const known = error instanceof ExporterError;
  const cause = error.cause !== undefined && depth < DEEPEST ? { cause: safeValue(error.cause, false, depth + 1) } : {};
  const stack = stacks && !known && error.stack !== undefined ? { stack: withoutSecrets(error.stack) } : {};
  const code = (error as NodeJS.ErrnoException).code;
  return {
    message: withoutSecrets(error.message),
    ...(code === undefined ? {} : { code }),
    ...(known ? { fix: withoutSecrets(error.fix) } : {}),
    ...cause,
    ...stack,
  };
}

/** stderr, written at once: a line must not be lost when the process dies. */
function destination(format: LogOptions['format']): DestinationStream {
  const stderr = pino.destination({ dest: 2, sync: true });
  const shape = shapeOf(format);
  return { write: (line) => aboveStatus(() => void stderr.write(shape(line))) };
}

function shapeOf(format: LogOptions['format']): (line: string) => string {
  if (format === 'logfmt') return logfmt;
  const width = columns();
  if (format === 'json' || (format === 'auto' && width === null)) return (line) => line;
  const pretty = prettyFactory({
    colorize: width !== null && process.stderr.hasColors(),
    translateTime: 'SYS:HH:MM:ss',
    hideObject: true,
    messageFormat: (line, messageKey) => sentence(String(line[messageKey]), line),
  });
  return (line) => `${wrapped(pretty(line).trimEnd(), columns())}\n`;
}

/** A line of JSON as `time=... level=info msg="..." key=value`, as Go programs write it. */
function logfmt(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Fields;
  const words = Object.entries({ time, level, msg, ...fields }).map(([key, value]) => `${key}=${asWord(value)}`);
  return `${words.join(' ')}\n`;
}

const OWN_FIELDS = new Set(['level', 'time', 'msg']);

/** A line for people: `Poll failed  project=Support  error="503 Service Unavailable"`. */
function sentence(message: string, line: Fields): string {
  const fields = Object.entries(line).filter(([key]) => !OWN_FIELDS.has(key));
  return [message, ...fields.map(([key, value]) => `${key}=${asWord(value)}`)].join('  ');
}

/** What no word may hold: blanks, quotes, and characters that a terminal obeys or that change the direction of what follows. */
const NEEDS_QUOTES = /[\s"=\p{Cc}\p{Cf}]|^$/u;
/** Of these JSON leaves some as they are; those that join emoji may stay. */
const NEEDS_ESCAPE = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\u200c\u200d]]/gv;

/** A value as a word of a line for people, in quotes where it needs them. */
export function asWord(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return NEEDS_QUOTES.test(text) ? JSON.stringify(text).replaceAll(NEEDS_ESCAPE, escaped) : text;
}

/** As in JSON: `\u` and four digits for each unit of UTF-16. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}

/** A logger on stderr, or on `stream`. */
export function createLogger({ level, format }: LogOptions, stream: DestinationStream = destination(format)): Logger {
  const timestamp = pino.stdTimeFunctions.isoTime;
  const formatters = { level: (label: string) => ({ level: label }) };
  const log = pino({ level, base: null, timestamp, formatters }, stream);
  const line =
    (write: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Fields = {}): void => {
      if (log.isLevelEnabled(write))
        log[write](safeValue(fields, level === 'debug') as Fields, withoutSecrets(message));
    };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}
