/** A logger that keeps its lines for a test to read. */
import type { Fields, Logger } from '../../src/domain/logger.ts';

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

  /** The lines of one level, oldest first. */
  at(level: LogLine['level']): readonly LogLine[] {
    return this.lines.filter((line) => line.level === level);
  }
}
