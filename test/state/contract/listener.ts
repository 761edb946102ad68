/** Hears what a state logs and reports. */
import type { ExporterError } from '../../../src/domain/errors.ts';
import type { Fields, Logger } from '../../../src/domain/logger.ts';
import { type Observer, SILENT } from '../../../src/domain/observer.ts';

export type Logged = { readonly level: string; readonly message: string; readonly fields: Fields };

export class Listener {
  readonly logged: Logged[] = [];
  readonly writeFailures: ExporterError[] = [];
  readonly measured: number[][] = [];

  get logger(): Logger {
    const at =
      (level: string) =>
      (message: string, fields: Fields = {}): void => {
        this.logged.push({ level, message, fields });
      };
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }

  get observer(): Observer {
    return {
      ...SILENT,
      stateWriteFailed: (error) => void this.writeFailures.push(error),
      stateMeasured: (...sizes) => void this.measured.push(sizes),
    };
  }
}
