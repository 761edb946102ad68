/** What a source has learned outlives it: reloads during a Retry-After, with the plans as the composition root makes them. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPlans, type Memories, type OpenPlan } from '../../src/app/sources.ts';
import { configFromText } from '../../src/config/config.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { recordingObserver } from '../fakes/recording-observer.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { inTurn, type Reply, startApi } from './api-server.ts';
import { item, PROJECT } from './harness.ts';

const good: Reply = { body: { items: [item()] } };
const later: Reply = { status: 429, headers: { 'retry-after': '60' } };
const request = { projectId: PROJECT, token: null, priority: 'head' } as const;

/** An exporter as reloads see it: the same memories, clock and observer, another configuration. */
async function stage(memories: Memories) {
  const api = await startApi(inTurn(later, good));
  onTestFinished(() => api.close());
  const clock = new VirtualClock();
  const { observer, told } = recordingObserver();
  const retried = Promise.withResolvers<void>();
  const listening = { ...observer, requestRetried: (): void => retried.resolve() };
  const plan = async (settings = ''): Promise<OpenPlan> => {
    const text = `accounts: [{ api_key: k, base_url: "${api.url}"${settings} }]`;
    const config = await configFromText('x.yml', text, {}, {});
    const [only] = createPlans(config, { logger: new RecordingLogger(), clock }, listening, memories);
    return only as OpenPlan;
  };
  const sent = (): number => told.filter(([event]) => event === 'requestEnded').length;
  return { api, clock, plan, sent, refused: retried.promise };
}

describe('five reloads during Retry-After', () => {
  it('send no request', async () => {
    const { clock, plan, sent, refused } = await stage(new Map());
    const poll = async ({ plan: { source }, close }: OpenPlan, until: () => Promise<unknown>): Promise<void> => {
      const abort = new AbortController();
      const page = source.page(request, abort.signal).catch(() => 'reload');
      await until();
      abort.abort(new Error('reload'));
      expect(await page).toBe('reload');
      await close();
    };
    await poll(await plan(), () => refused);
    expect(sent()).toBe(1);
    for (let n = 0; n < 5; n += 1) {
      await poll(await plan(n % 2 === 0 ? ', requests_per_minute: 100' : ''), () => clock.advance(11_000));
    }
    expect(sent()).toBe(1);
    const last = await plan();
    const page = last.plan.source.page(request, new AbortController().signal);
    await clock.advance(5000);
    expect(await page).toMatchObject({ sessions: [{ id: 'ses-1' }] });
    expect(sent()).toBe(2);
    await last.close();
  });

  it('remember one account at one address, and nothing of another', async () => {
    const memories: Memories = new Map();
    const { plan, api } = await stage(memories);
    for (const settings of ['', ', name: other', ', page_size: 7', ', requests_per_minute: 5']) {
      await (await plan(settings)).close();
    }
    expect([...memories.keys()]).toEqual([`default ${api.url}`, `other ${api.url}`]);
  });
});
