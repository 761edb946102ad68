/** The room under test: with a clock that the test moves, and readers that share nothing with it. */
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { Rules } from '../../src/domain/rules.ts';
import type { Format, Part } from '../../src/domain/serving.ts';
import { createMetrics, type Metrics, type SharedState } from '../../src/metrics/metrics.ts';
import { NOW, RULES } from '../builders/values.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { SteppingClock } from '../fakes/stepping-clock.ts';

export const BUILD = { version: '1.2.3', revision: 'abcdef', nodeVersion: 'v26.0.0' };

export type Room = Metrics & { readonly clock: SteppingClock; readonly log: RecordingLogger };

/** A room whose clock stands at NOW. Without process metrics, so that its text is known. */
export function room(rules: Rules = RULES, processMetrics = false, shared: SharedState | null = null): Room {
  const clock = new SteppingClock(NOW);
  const log = new RecordingLogger();
  return { ...createMetrics({ clock, log, rules, build: BUILD, processMetrics, shared }), clock, log };
}

/** A room that publishes by itself until the test ends. */
export function startedRoom(...args: Parameters<typeof room>): Room {
  const made = room(...args);
  made.start();
  onTestFinished(() => made.stop());
  return made;
}

export async function read(metrics: Metrics, format: Format = 'text', part: Part = 'both'): Promise<string> {
  return gunzipSync(await metrics.source.gzip(part, format)).toString();
}

/** Lines that begin with `name` and its labels or a space. */
export function samples(text: string, name: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

/** The families of the projects, without those that are not about one project. */
export function projectPart(text: string): string {
  const end = text.indexOf('# HELP llamacloud_chat_total_budget_usd');
  if (end < 0) throw new Error('no part that is not about one project');
  return text.slice(0, end);
}
