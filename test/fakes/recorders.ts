/** A logger and an observer that remember what they were told. */
import type { Fields, Logger } from '../../src/domain/logger.ts';
import { type Observer, SILENT } from '../../src/domain/observer.ts';

export type LogLine = { readonly level: keyof Logger; readonly message: string; readonly fields: Fields };

export class RecordingLogger implements Logger {
  readonly lines: LogLine[] = [];

  debug(message: string, fields: Fields = {}): void {
    this.lines.push({ level: 'debug', message, fields });
  }
  info(message: string, fields: Fields = {}): void {
    this.lines.push({ level: 'info', message, fields });
  }
  warn(message: string, fields: Fields = {}): void {
    this.lines.push({ level: 'warn', message, fields });
  }
  error(message: string, fields: Fields = {}): void {
    this.lines.push({ level: 'error', message, fields });
  }
  of(level: keyof Logger): LogLine[] {
    return this.lines.filter((line) => line.level === level);
  }
}

export type Told = readonly [event: keyof Observer, ...args: unknown[]];

/** An observer, and the list of what it was told, in order. */
export function recordingObserver(): { readonly observer: Observer; readonly told: Told[] } {
  const told: Told[] = [];
  const entries = (Object.keys(SILENT) as (keyof Observer)[]).map((event) => [
    event,
    (...args: unknown[]): void => {
      told.push([event, ...args]);
    },
  ]);
  return { observer: Object.fromEntries(entries) as Observer, told };
}
