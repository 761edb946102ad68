/** Hears what a state logs and reports. */
import type { ExporterError } from '../../../src/domain/errors.ts';
import { type Observer, SILENT } from '../../../src/domain/observer.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

export class Listener {
  readonly logger = new RecordingLogger();
  readonly writeFailures: ExporterError[] = [];
  readonly measured: number[][] = [];
  readonly observer: Observer = {
    ...SILENT,
    stateWriteFailed: (error) => void this.writeFailures.push(error),
    stateMeasured: (...sizes) => void this.measured.push(sizes),
  };
}
