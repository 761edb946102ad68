/** In words: how runs are counted. */
import type { Status } from '../../domain/status.ts';

export const ACCOUNTING: Readonly<Record<Status['accounting'], string>> = {
  every_run: 'Every run is counted: at once where the session list shows it, else once the event history is read.',
  last_run: 'Only the last run of each session between two polls is counted; event histories are not read.',
};
