/** The end of a sequence: all faults end, and the exporter looks until it knows everything. */
import type { Model } from './model.ts';

/** Deletions and stale reads need two sweeps, 10 minutes apart. */
const ROUNDS = 4;
const ROUND_MS = 660_000;
/** A session is due when it has rested for a polling interval. */
const REST_MS = 61_000;
/** A history is tried again after an hour at most, for a day. */
const TRIES = 30;
const HOUR_MS = 3_600_000;

export async function settle(model: Model): Promise<void> {
  model.activeFaults.heal();
  model.happenings.calm();
  model.clock.skewMs = 0;
  if (model.exporter.configuration.excluded !== null) await model.reload('selection');
  for (let i = 0; i < ROUNDS; i++) {
    model.clock.pass(ROUND_MS);
    await untilTrue(() => model.exporter.discover());
    await model.observe();
    for (const id of model.projects()) await untilTrue(() => model.poll(id, 'full'));
    await verify(model, REST_MS);
  }
  for (let i = 0; i < TRIES && isWaiting(model); i++) await verify(model, HOUR_MS);
}

async function verify(model: Model, afterMs: number): Promise<void> {
  model.clock.pass(afterMs);
  await model.exporter.verify();
  await model.observe();
}

function isWaiting({ exporter }: Model): boolean {
  const { accounting } = exporter.configuration.rules;
  return accounting === 'every_run' && exporter.polled().some(({ totals }) => totals.verification.unverified > 0);
}

/** On a busy machine an answer may come too late even without a fault. */
async function untilTrue(act: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) if (await act()) return;
}
