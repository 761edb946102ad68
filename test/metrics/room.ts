/** The room under test: with a clock that the test moves, and readers that share nothing with it. */
import { gunzipSync } from 'node:zlib';
import type { Rules } from '../../src/domain/rules.ts';
import type { Format } from '../../src/domain/serving.ts';
import { createMetrics, type Metrics } from '../../src/metrics/metrics.ts';
import { NOW, RULES } from '../builders/values.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { SteppingClock } from '../fakes/stepping-clock.ts';

export const BUILD = { version: '1.2.3', revision: 'abcdef', nodeVersion: 'v26.0.0' };

export type Room = Metrics & { readonly clock: SteppingClock; readonly log: RecordingLogger };

/** A room whose clock stands at NOW. Without process metrics, so that its text is known. */
export function room(rules: Rules = RULES, processMetrics = false): Room {
  const clock = new SteppingClock(NOW);
  const log = new RecordingLogger();
  return { ...createMetrics({ clock, log, rules, build: BUILD, processMetrics }), clock, log };
}

export async function read(metrics: Metrics, format: Format = 'text'): Promise<string> {
  return gunzipSync(await metrics.source.gzip(format)).toString();
}

/** Lines that begin with `name` and its labels or a space. */
export function samples(text: string, name: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

/** The part about the projects: families of the exporter's live part left out. */
export function projectPart(text: string): string {
  const live = text.indexOf('# HELP llamacloud_exporter_build_info');
  if (live < 0) throw new Error('no live part');
  return text.slice(0, live);
}
