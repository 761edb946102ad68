/** Progress of long work: a bar on the last line of a terminal, plain log lines elsewhere. */
import type { Logger } from '../../domain/logger.ts';
import { columns, showStatus } from '../../terminal.ts';

export interface Progress {
  /** `total` 0: not known yet. `note` is shown behind the bar. */
  update(done: number, total: number, note: string): void;
  stop(): void;
}

/** At most one line in so many milliseconds where there is no terminal. */
const LINE_EVERY_MS = 5000;

/** `what`: in front of the bar, or the message of the log lines. */
export function showProgress(what: string, logger: Logger): Progress {
  return columns() === null ? lines(what, logger) : bar(what);
}

const WIDEST_BAR = 30;

function bar(what: string): Progress {
  return {
    update(done, total, note) {
      const text = `${done} of ${total} ${note}`;
      const room = (columns() ?? 0) - what.length - text.length - 3;
      const width = Math.max(0, Math.min(WIDEST_BAR, room));
      const full = total === 0 ? 0 : Math.round((width * Math.min(done, total)) / total);
      showStatus(`${what} ${'█'.repeat(full)}${'░'.repeat(width - full)} ${text}`);
    },
    stop: () => showStatus(''),
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
