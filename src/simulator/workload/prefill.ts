/** Gives a project a past: sessions whose conversations ended before the workload starts. */

import type { Project } from '../world/projects.ts';
import type { Random } from '../world/random.ts';
import type { FinishedRun, Micros, Session } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { drawBurst, drawOutcome, drawPause, drawRest } from './conversations.ts';
import type { WorkloadProfile } from './profiles.ts';

const MINUTE: Micros = 60_000_000;
const DAY: Micros = 24 * 60 * MINUTE;

/** How far back the past of a project reaches. */
const PAST_DAYS = 21;

/**
 * Adds sessions that began within the last three weeks, more of them recently, each with the runs that the profile
 * makes. Nothing of it falls into the last minute, so that past and new runs cannot be confused.
 */
export function prefill(world: World, project: Project, profile: WorkloadProfile, count: number): Session[] {
  const random = world.random.fork(`past of ${project.id}`);
  const indexes = Array.from({ length: 4 }, () => `idx-${random.hex(8)}`);
  const newest = world.clock.now() - MINUTE;
  return Array.from({ length: count }, () => {
    const at = Math.floor(newest - random.next() ** 1.6 * PAST_DAYS * DAY);
    return world.addSession(
      project.id,
      { at, indexIds: drawIndexes(random, indexes) },
      pastRuns(random, profile, at, newest),
    );
  });
}

/** The indexes of a new session: none, or a few of the project's. */
export function drawIndexes(random: Random, indexes: readonly string[]): string[] | null {
  if (random.chance(0.3)) return null;
  return indexes.filter((_, place) => place === 0 || random.chance(0.3));
}

/** Bursts of runs from a moment on, as long as they end before the newest moment allowed. */
function pastRuns(random: Random, profile: WorkloadProfile, from: Micros, newest: Micros): FinishedRun[] {
  const runs: FinishedRun[] = [];
  if (random.chance(profile.neverRunShare)) return runs;
  let left = drawBurst(random, profile);
  for (let startedAt = from; startedAt < newest; ) {
    const outcome = drawOutcome(random, profile);
    const finishedAt = startedAt + micros(outcome.figures.duration_ms ?? 0);
    if (finishedAt > newest) return runs;
    runs.push({ ...outcome, startedAt, finishedAt });
    left -= 1;
    const wait = left > 0 ? drawPause(random, profile) : drawRest(random, profile);
    if (wait === null) return runs;
    if (left === 0) left = drawBurst(random, profile);
    startedAt = finishedAt + micros(wait);
  }
  return runs;
}

function micros(ms: number): Micros {
  return Math.round(ms * 1000);
}
