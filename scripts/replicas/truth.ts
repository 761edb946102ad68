/** Whether the members count what is true, project by project. */
import { setTimeout as sleep } from 'node:timers/promises';
import { valueOf } from '../../bench/run/scrape.ts';
import type { Sums, World } from '../soak/world.ts';
import { type Counted, countedIn, countersOf } from './counters.ts';

/** Sums over all projects, and one sentence for each project that differs. */
export type Comparison = { readonly truth: Counted; readonly counted: Counted; readonly faults: readonly string[] };

const PRICE = { input: 3, output: 15 };
const EXACT = 1e-6;
const TRIES = 1200;
const AGAIN_MS = 500;
/** Two polling intervals and more: nothing may be counted again. */
const REST_MS = 5_000;

/** Microseconds: from when on the runs of a project count. */
export type Since = (projectId: string) => number;

/** With life at rest: waits until every run is counted and verified, and looks once more after a while. */
export async function compareAtRest(world: World, sinces: readonly number[], since: Since, text: () => string) {
  const truths = new Map<number, ReadonlyMap<string, Sums>>();
  for (const from of new Set(sinces)) truths.set(from, await world.byProject(from));
  const truthOf = new Map(
    [...(truths.values().next().value?.keys() ?? [])].map((id) => [id, truths.get(since(id))?.get(id)]),
  );
  const look = (): Comparison => compare(truthOf, text());
  for (let i = 0; i < TRIES && (look().faults.length > 0 || !isVerified(text())); i++) await sleep(AGAIN_MS);
  await sleep(REST_MS);
  return look();
}

function isVerified(text: string): boolean {
  return valueOf(text, 'llamacloud_exporter_unverified_sessions') === 0;
}

function compare(truthOf: ReadonlyMap<string, Sums | undefined>, text: string): Comparison {
  const counters = countersOf(text);
  const faults: string[] = [];
  const [truths, counts]: [Counted[], Counted[]] = [[], []];
  for (const [id, sums] of truthOf) {
    const truth = withCost(sums ?? NOTHING);
    const counted = countedIn(counters.get(id) ?? new Map());
    truths.push(truth);
    counts.push(counted);
    const wrong = names(truth).filter((name) => Math.abs(truth[name] - counted[name]) > EXACT);
    for (const name of wrong) faults.push(`${id}: ${name} ${counted[name]}, truth ${truth[name]}`);
  }
  return { truth: total(truths), counted: total(counts), faults };
}

const NOTHING: Sums = { runs: 0, failed: 0, inputTokens: 0, outputTokens: 0, turns: 0 };

const names = (of: Counted): readonly (keyof Counted)[] => Object.keys(of) as (keyof Counted)[];

function withCost(sums: Sums): Counted {
  return { ...sums, cost: (sums.inputTokens * PRICE.input + sums.outputTokens * PRICE.output) / 1e6 };
}

function total(all: readonly Counted[]): Counted {
  const sum: { -readonly [Name in keyof Counted]: number } = withCost(NOTHING);
  for (const one of all) for (const name of names(one)) sum[name] += one[name];
  return sum;
}
