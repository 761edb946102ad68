/** A snapshot after any sequence of changes equals one rendered from scratch, as one gzip member. */
import { inflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProjectView } from '../../src/domain/view.ts';
import { counters, project, totals, view } from '../builders/values.ts';
import { viewOf } from './arbitraries.ts';
import { projectPart, type Room, read, room } from './room.ts';

/** What zlib answers with the option `info`; @types/node leaves it out. */
type Inflated = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

type Step =
  | { readonly kind: 'put'; readonly view: ProjectView }
  | { readonly kind: 'drop'; readonly id: string }
  | { readonly kind: 'publish' };

const ids = fc.nat(7).map((no) => `project-${no}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: ids.chain(viewOf).map((shown): Step => ({ kind: 'put', view: shown })) },
  { weight: 1, arbitrary: ids.map((id): Step => ({ kind: 'drop', id })) },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'publish' }) },
);

/** Heads and samples of the families, samples sorted: the order of the projects is free. */
function families(text: string): readonly (readonly string[])[] {
  return projectPart(text)
    .split(/^(?=# HELP)/m)
    .map((family) =>
      family
        .split('\n')
        .filter((line) => line !== '')
        .toSorted(),
    );
}

async function play(steps: readonly Step[], onto: Room): Promise<Map<string, ProjectView>> {
  const expected = new Map<string, ProjectView>();
  for (const next of steps) {
    if (next.kind === 'publish') await onto.clock.advance(1000);
    else if (next.kind === 'drop') {
      onto.publisher.drop(next.id);
      expected.delete(next.id);
    } else {
      onto.publisher.put(next.view);
      expected.set(next.view.project.id, next.view);
    }
  }
  await onto.clock.advance(2000);
  return expected;
}

test.each(['text', 'openmetrics'] as const)(
  '%s after random changes equals a fresh rendering',
  async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.boolean(), async (steps, openFirst) => {
        const lived = room();
        lived.start();
        if (openFirst) await lived.source.gzip('both', format);
        const expected = await play(steps, lived);
        const fresh = room();
        for (const shown of expected.values()) fresh.publisher.put(shown);
        expect(families(await read(lived, format))).toEqual(families(await read(fresh, format)));
        await lived.stop();
      }),
      { numRuns: 25 },
    );
  },
  60_000,
);

test('the answer is one gzip member', async () => {
  const metrics = room();
  for (let no = 0; no < 250; no++) metrics.publisher.put(view({ project: project({ id: `p${no}`, name: `n${no}` }) }));
  const answer = await metrics.source.gzip('both', 'text');
  // RFC 1952: 10 bytes of header without optional fields, one deflate stream, 8 bytes of trailer.
  expect([...answer.subarray(0, 4)]).toEqual([0x1f, 0x8b, 8, 0]);
  const { buffer, engine } = inflateRawSync(answer.subarray(10), { info: true }) as unknown as Inflated;
  expect(engine.bytesWritten).toBe(answer.length - 18);
  expect(answer.readUInt32LE(answer.length - 4)).toBe(buffer.length);
});

test('projects keep their order, freed slots are used again', async () => {
  const metrics = room();
  const put = (id: string): void => metrics.publisher.put(view({ project: project({ id, name: id }) }));
  const order = async (): Promise<string[]> => {
    const text = await read(metrics);
    return Array.from(text.matchAll(/^llamacloud_chat_runs_total\{project_id="(\w+)"/gm), ([, id]) => id as string);
  };
  metrics.start();
  for (const id of ['a', 'b', 'c']) put(id);
  expect(await order()).toEqual(['a', 'b', 'c']);
  metrics.publisher.drop('b');
  put('a');
  await metrics.clock.advance(2000);
  expect(await order()).toEqual(['a', 'c']);
  put('d');
  await metrics.clock.advance(2000);
  expect(await order()).toEqual(['a', 'd', 'c']);
  await metrics.stop();
});

const numbered = (no: number, runs: number): ProjectView =>
  view({ project: project({ id: `p${no}`, name: `n${no}` }), totals: totals({ counters: counters({ runs }) }) });

test('a change in one block leaves the others', async () => {
  const [lived, fresh] = [room(), room()];
  lived.start();
  for (let no = 0; no < 250; no++) lived.publisher.put(numbered(no, no));
  await read(lived);
  lived.publisher.put(numbered(150, 9999));
  for (let no = 200; no < 250; no++) lived.publisher.drop(`p${no}`);
  await lived.clock.advance(2000);
  for (let no = 0; no < 200; no++) fresh.publisher.put(numbered(no, no === 150 ? 9999 : no));
  expect(projectPart(await read(lived))).toBe(projectPart(await read(fresh)));
  await lived.stop();
});

test('heads are there without any project', async () => {
  const text = await read(room());
  expect(text).toContain('# TYPE llamacloud_chat_runs_total counter\n');
  expect(text).not.toContain('project_id');
});
