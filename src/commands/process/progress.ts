/** Progress of long work: a bar on a terminal, plain log lines elsewhere. */
import { Presets, SingleBar } from 'cli-progress';

import type { Logger } from '../../domain/logger.ts';

export interface Progress {
  /** `total` 0: not known yet. `note` stands behind the bar. */
  update(done: number, total: number, note: string): void;
  stop(): void;
}

/** At most one line in so many milliseconds where there is no terminal. */
const LINE_EVERY_MS = 5000;

/** `what`: in front of the bar, or the message of the log lines. */
export function showProgress(what: string, logger: Logger): Progress {
  return process.stderr.isTTY ? bar(what) : lines(what, logger);
}

function bar(what: string): Progress {
  const single = new SingleBar(
    {
      format: `${what} {bar} {value} of {total} {note}`,
      stream: process.stderr,
      barsize: 30,
      clearOnComplete: true,
      hideCursor: true,
      linewrap: true,
      gracefulExit: true,
      emptyOnZero: true,
    },
    Presets.shades_classic,
  );
  return {
    update(done, total, note) {
      if (!single.isActive) single.start(total, done, { note });
      single.setTotal(total);
      single.update(done, { note });
    },
    stop: () => single.stop(),
  };
}

function lines(what: string, logger: Logger): Progress {
  let last = performance.now();
  return {
    update(done, total, note) {
      if (performance.now() - last < LINE_EVERY_MS) return;
      last = performance.now();
      logger.info(what, { done, total, note });
    },
    stop() {},
  };
}
