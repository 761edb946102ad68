import type { Fields, Logger } from '../../src/domain/logger.ts';

export type Logged = { readonly level: keyof Logger; readonly message: string; readonly fields: Fields };

/** A logger that keeps what it is told. */
export class RecordingLogger implements Logger {
  readonly lines: Logged[] = [];

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
}
