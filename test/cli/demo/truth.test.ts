/** The demo counts what its simulator says is true. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';

import { scratch, start } from '../program.ts';

const COUNTERS = {
  runs: 'runs',
  failed_runs: 'run_errors',
  input_tokens: 'input_tokens',
  output_tokens: 'output_tokens',
  turns: 'turns',
} as const;
type Figure = keyof typeof COUNTERS;
type Sums = Record<Figure, number>;

const FIGURES = Object.keys(COUNTERS) as Figure[];

/** The sum of all series of a family. */
function sumOf(text: string, family: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${family}{`) || line.startsWith(`${family} `));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

function countedIn(text: string): Sums {
  const entries = FIGURES.map((figure) => [figure, sumOf(text, `llamacloud_chat_${COUNTERS[figure]}_total`)]);
  return Object.fromEntries(entries) as Sums;
}

async function truthOf(simulator: string): Promise<Sums> {
  const now = (await (await fetch(`${simulator}/_truth`)).json()) as { lives_since: number };
  const since = (await (await fetch(`${simulator}/_truth?since=${now.lives_since}`)).json()) as { projects: Sums[] };
  const sum = (figure: Figure): number => since.projects.reduce((all, project) => all + project[figure], 0);
  return Object.fromEntries(FIGURES.map((figure) => [figure, sum(figure)])) as Sums;
}

async function rest(simulator: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ op: 'rest' });
  const response = await fetch(`${simulator}/_world`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
}

/** The metrics once nothing waits for its history any more; at no look is a counter above the truth. */
async function verified(metrics: string, truth: Sums, signal: AbortSignal): Promise<Sums> {
  for (;;) {
    const text = await (await fetch(metrics, { signal })).text();
    const counted = countedIn(text);
    for (const figure of FIGURES) expect(counted[figure], figure).toBeLessThanOrEqual(truth[figure]);
    if (sumOf(text, 'llamacloud_exporter_unverified_sessions') === 0 && counted.runs === truth.runs) return counted;
    await sleep(500, undefined, { signal });
  }
}

test('the demo counts every run of its simulator', { timeout: 180_000 }, async ({ signal }) => {
  const demo = start(['demo', '--speed=60'], { cwd: scratch() });
  onTestFinished(async () => {
    demo.child.kill('SIGTERM');
    await demo.ended;
  });
  const metrics = (await demo.said(/Metrics +(http:\S+)/))[1] ?? '';
  const simulator = (await demo.said(/Simulated API +(http:\S+)/))[1] ?? '';
  await demo.said(/runs [1-9]\d[\d,]*, failed/);
  await rest(simulator);
  const truth = await truthOf(simulator);
  expect(await verified(metrics, truth, signal)).toEqual(truth);
});
