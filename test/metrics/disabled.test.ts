/** Metrics that the configuration disables are left out of every scrape, and a reload brings them back. */
import { describe, expect, test } from 'vitest';
import { familyGlob } from '../../src/config/file/globs.ts';
import { isDisabled } from '../../src/domain/rules.ts';
import { FAMILIES } from '../../src/metrics/families/families.ts';
import { counters, RULES, totals, view } from '../builders/values.ts';
import { projectPart, read, room, startedRoom } from './room.ts';

const without = (...globs: string[]) => ({ ...RULES, disabled: globs.map(familyGlob) });
const BOTH = ['text', 'openmetrics'] as const;

/** Names of the families of the projects in a scrape, by their TYPE lines. */
const shown = (text: string): string[] =>
  [...projectPart(text).matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? '');

describe.each(BOTH)('%s', (format) => {
  test('leaves disabled families out', async () => {
    const metrics = room(without('llamacloud_chat_run_*_tokens', 'llamacloud_chat_runs_total'));
    metrics.publisher.put(view());
    const text = await read(metrics, format);
    expect(shown(text)).toHaveLength(FAMILIES.length - 3);
    expect(text).not.toMatch(/llamacloud_chat_run_(in|out)put_tokens/);
    expect(text).not.toMatch(/^llamacloud_chat_runs_total/m);
    expect(text).toMatch(/^llamacloud_chat_run_turns_count/m);
  });

  test('follows a reload, in both directions', async () => {
    const metrics = startedRoom();
    metrics.publisher.put(view());
    const before = shown(await read(metrics, format));
    metrics.setRules(without('llamacloud_exporter_*'));
    await metrics.clock.advance(2000);
    expect(shown(await read(metrics, format))).toEqual(
      before.filter((name) => !name.startsWith('llamacloud_exporter_')),
    );
    metrics.publisher.put(view({ totals: totals({ counters: counters({ runs: 5 }) }) }));
    await metrics.clock.advance(2000);
    expect(await read(metrics, format)).toMatch(/^llamacloud_chat_runs_total\S* 5/m);
    metrics.setRules(RULES);
    await metrics.clock.advance(2000);
    expect(shown(await read(metrics, format))).toEqual(before);
  });

  test('a reload with no project changes the heads', async () => {
    const metrics = startedRoom();
    await read(metrics, format);
    metrics.setRules(without('*'));
    await metrics.clock.advance(2000);
    expect(shown(await read(metrics, format))).toEqual(['llamacloud_project_info']);
  });
});

test('once leaves them out too', async () => {
  const metrics = room(without('llamacloud_chat_*'));
  metrics.publisher.put(view());
  const text = await metrics.renderOnce();
  expect(projectPart(text)).not.toContain('llamacloud_chat_');
  expect(text).toContain('llamacloud_project_info{');
});

test('project info always stays', () => {
  const left = FAMILIES.map(({ metric }) => metric.name).filter((name) => !isDisabled(name, without('*')));
  expect(left).toEqual(['llamacloud_project_info']);
});

describe('the log', () => {
  test('names what the shipped rules need', () => {
    const { log } = room(without('llamacloud_chat_runs_total', 'llamacloud_chat_session_touches_total'));
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { metrics: 'llamacloud_chat_runs_total' } }]);
  });

  test('names globs that match nothing', () => {
    const { log } = room(without('llamacloud_chat_session_touches_total', 'llamacloud_chat_runs'));
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { globs: 'llamacloud_chat_runs' } }]);
  });

  test('says nothing by default, and warns again after a reload', () => {
    const metrics = room();
    expect(metrics.log.lines).toEqual([]);
    metrics.setRules(without('llamacloud_chat_cost_usd_total'));
    expect(metrics.log.lines).toMatchObject([{ fields: { metrics: 'llamacloud_chat_cost_usd_total' } }]);
  });
});
