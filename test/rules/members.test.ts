/** The rules over several replicas: they stay silent while all is well, and name the member that has a fault. */
import { describe, expect, it } from 'vitest';
import { CATALOG } from '../../src/metrics/catalog.ts';
import { findTool } from '../support/tools.ts';
import { failures } from './promtool.ts';
import { flat, healthyWorld, ramp, type Series, seq } from './series.ts';
import { readGroups } from './shipped.ts';

const promtool = findTool('promtool') ?? '';
const groups = await readGroups();

/** What each member shows about itself, scraped by a job of its own; everything else is scraped once, at the Service. */
const OWN = new Set(CATALOG.filter(({ part }) => part === 'exporter').map(({ name }) => name));
const isOwn = (key: string): boolean => {
  const name = (/^\w+/.exec(key)?.[0] ?? '').replace(/_bucket$/, '');
  return name === 'up' || name.startsWith('process_') || OWN.has(name);
};
const ofMember = (key: string, pod: string): string =>
  key.replace(
    'job="llamacloud-exporter",instance="exporter:10940"',
    `job="llamacloud-exporter-members",instance="${pod}"`,
  );

const PODS = ['pod-a:1', 'pod-b:1'];
const member = (name: string, pod: string): string =>
  ofMember(`${name}{job="llamacloud-exporter",instance="exporter:10940"}`, pod);

/** The healthy world as several members show it: two pods, and one target for the projects. */
function members(minutes: number): Record<string, string> {
  const entries = Object.entries(healthyWorld(1, minutes + 1)).flatMap(([key, values]) =>
    isOwn(key) ? PODS.map((pod) => [ofMember(key, pod), values] as const) : [[key, values] as const],
  );
  const leases = PODS.map((pod) => [member('llamacloud_exporter_member_lease_seconds', pod), flat(7, minutes + 1)]);
  const service = 'up{job="llamacloud-exporter",instance="exporter:10940"}';
  return { ...Object.fromEntries([...entries, ...leases]), [service]: flat(1, minutes + 1) };
}

/** The healthy world as two members show it that are scraped whole, by one job. */
function copies(minutes: number): Record<string, string> {
  const lease = 'llamacloud_exporter_member_lease_seconds{job="llamacloud-exporter",instance="exporter:10940"}';
  const entries = Object.entries({ ...healthyWorld(1, minutes + 1), [lease]: flat(7, minutes + 1) });
  return Object.fromEntries(
    PODS.flatMap((pod) => entries.map(([key, values]) => [key.replace('exporter:10940', pod), values] as const)),
  );
}

/** Label sets of the alerts that ever fired. */
async function fires(minutes: number, world: Series, expected: readonly string[]): Promise<string> {
  const input = Object.entries(world).map(([key, values]) => ({ series: key, values }));
  const expr = `count by (alertname, job, instance) (count_over_time(ALERTS{alertstate="firing"}[${minutes + 1}m]))`;
  const test = {
    name: 'several members',
    interval: '1m',
    input_series: input,
    promql_expr_test: [
      { expr, eval_time: `${minutes}m`, exp_samples: expected.map((labels) => ({ labels, value: 1 })) },
    ],
  };
  return failures(promtool, groups, [test]);
}

describe.runIf(promtool)('rules over several members', { timeout: 120_000 }, () => {
  it('fire for nothing while nothing is wrong', async () => {
    expect(await fires(90, members(90), [])).toBe('');
  });

  it('tell which member, and what belongs to none', async () => {
    const found = await fires(
      90,
      {
        ...members(90),
        [member('process_resident_memory_bytes', 'pod-a:1')]: seq(flat(1e8, 10), flat(5e8, 90)),
        [member('llamacloud_exporter_config_last_reload_successful', 'pod-b:1')]: seq(flat(1, 10), flat(0, 90)),
        [member('llamacloud_exporter_snapshot_timestamp_seconds', 'pod-b:1')]: flat(0, 100),
        'llamacloud_exporter_state_size_bytes{job="llamacloud-exporter",instance="exporter:10940"}': flat(5e9, 100),
        'llamacloud_exporter_project_last_success_timestamp_seconds{job="llamacloud-exporter",instance="exporter:10940",project_id="p1",project="support"}':
          seq(ramp(0, 60, 11), flat(600, 90)),
      },
      [
        '{alertname="LlamaCloudExporterMemoryHigh",job="llamacloud-exporter-members",instance="pod-a:1"}',
        '{alertname="LlamaCloudExporterReloadFailed",job="llamacloud-exporter-members",instance="pod-b:1"}',
        '{alertname="LlamaCloudExporterStateLarge",job="llamacloud-exporter",instance="exporter:10940"}',
        '{alertname="LlamaCloudMostDataStale",job="llamacloud-exporter",instance="exporter:10940"}',
      ],
    );
    expect(found).toBe('');
  });

  it('tell of whole copies, and of nothing else', async () => {
    const told = PODS.map(
      (pod) => `{alertname="LlamaCloudProjectsCopied",job="llamacloud-exporter",instance="${pod}"}`,
    );
    expect(await fires(75, copies(75), told)).toBe('');
  });

  it('wake nobody for one copy that is down', async () => {
    const world = copies(30);
    const lost = Object.keys(world).filter((key) => key.includes('pod-a:1'));
    const gone = Object.fromEntries(
      lost.map((key) => [key, seq(flat(1, 10), key.startsWith('up{') ? flat(0, 21) : 'stale')]),
    );
    expect(
      await fires(30, { ...world, ...gone }, [
        '{alertname="LlamaCloudMemberDown",job="llamacloud-exporter",instance="pod-a:1"}',
      ]),
    ).toBe('');
  });
});
