/** Warns about `metrics.disable`: metrics that the shipped rules miss, and globs that match nothing. */
import type { Logger } from '../domain/logger.ts';
import { isDisabled, type Rules } from '../domain/rules.ts';
import { FAMILIES } from './families/families.ts';
import { NEEDED_BY_RULES } from './needed-by-rules.ts';

const NAMES: readonly string[] = FAMILIES.map(({ metric }) => metric.name);

/** At the start and after a reload. */
export function warnOfDisabled(rules: Pick<Rules, 'disabled'>, log: Logger): void {
  const missed = NEEDED_BY_RULES.filter((name) => isDisabled(name, rules));
  if (missed.length > 0) {
    log.warn('metrics.disable leaves out metrics that the shipped rules need: alerts on them cannot fire', {
      metrics: missed.join(' '),
    });
  }
  const idle = rules.disabled.filter(({ matches }) => !NAMES.some(matches)).map(({ glob }) => glob);
  if (idle.length === 0) return;
  log.warn('metrics.disable has globs that match no metric of the projects', { globs: idle.join(' ') });
}
