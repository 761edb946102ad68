/** The past of a project: sessions with conversations that ended before the world begins to live. */

import type { Project } from '../world/projects.ts';
import type { Random } from '../world/random.ts';
import type { FinishedRun, Micros, Session } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { drawBurst, drawPause, drawRest } from './conversations.ts';
import { drawOutcome } from './outcomes.ts';
import type { Temper } from './profiles.ts';

const MINUTE: Micros = 60_000_000;
const DAY: Micros = 24 * 60 * MINUTE;

/** How far the past of a prefilled project reaches. */
const PAST_DAYS = 21;

/**
 * Gives a project a past: sessions that began within the last three weeks, the younger the more, each with the runs
 * that a temper like this makes. Nothing of it lies within the last minute, so that what comes is told from what was.
 */
export function prefill(world: World, project: Project, temper: Temper, count: number): Session[] {
  const random = world.random.fork(`past of ${project.id}`);
  const indexes = Array.from({ length: 4 }, () => `idx-${random.hex(8)}`);
  const newest = world.clock.now() - MINUTE;
  return Array.from({ length: count }, () => {
    const at = Math.floor(newest - random.next() ** 1.6 * PAST_DAYS * DAY);
    return world.addSession(
      project.id,
      { at, indexIds: drawIndexes(random, indexes) },
      pastRuns(random, temper, at, newest),
    );
  });
}

/** The indexes of a new session: none, or a few of the project's. */
export function drawIndexes(random: Random, indexes: readonly string[]): string[] | null {
  if (random.chance(0.3)) return null;
  return indexes.filter((_, place) => place === 0 || random.chance(0.3));
}

/** Bursts of runs from a moment on, as far as they end before the newest moment allowed. */
function pastRuns(random: Random, temper: Temper, from: Micros, newest: Micros): FinishedRun[] {
  const runs: FinishedRun[] = [];
  if (random.chance(temper.neverRunShare)) return runs;
  let left = drawBurst(random, temper);
  for (let startedAt = from; startedAt < newest; ) {
    const outcome = drawOutcome(random, temper);
    const finishedAt = startedAt + micros(outcome.figures.duration_ms ?? 0);
    if (finishedAt > newest) return runs;
    runs.push({ ...outcome, startedAt, finishedAt });
    left -= 1;
    const wait = left > 0 ? drawPause(random, temper) : drawRest(random, temper);
    if (wait === null) return runs;
    if (left === 0) left = drawBurst(random, temper);
    startedAt = finishedAt + micros(wait);
  }
  return runs;
}

function micros(ms: number): Micros {
  return Math.round(ms * 1000);
}
