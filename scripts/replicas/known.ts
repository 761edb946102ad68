/** When a session that was never seen is known to be new. */
import { setTimeout as sleep } from 'node:timers/promises';
import { valueOf } from '../../bench/run/scrape.ts';

const TRIES = 3000;
const AGAIN_MS = 200;
const SWEEP = /^llamacloud_exporter_project_last_full_sweep_timestamp_seconds\{.*\} (\S+)$/gm;

/** Waits until every project was swept whole twice since now, and every session is verified. */
export async function untilKnown(text: () => string): Promise<void> {
  for (let sweep = 0; sweep < 2; sweep++) {
    const since = Date.now() / 1000;
    await until(() => oldestSweep(text()) > since);
  }
  await until(() => valueOf(text(), 'llamacloud_exporter_unverified_sessions') === 0);
}

/** Seconds: when the project whose full sweep ended longest ago ended it. */
function oldestSweep(text: string): number {
  const ends = [...text.matchAll(SWEEP)].map((match) => Number(match[1]));
  return ends.length === 0 ? 0 : Math.min(...ends);
}

async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    if (isSo()) return;
    await sleep(AGAIN_MS);
  }
  throw new Error(`the projects were not swept within ${(TRIES * AGAIN_MS) / 1000} s`);
}
