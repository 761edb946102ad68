import { describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';
import { failures } from './promtool.ts';
import { flat, healthyWorld, ramp, type Series, seq } from './series.ts';
import { readGroups } from './shipped.ts';

const promtool = findTool('promtool') ?? '';
const groups = await readGroups();

/** What each member shows about itself, scraped by a job of its own; everything else is scraped once, at the Service. */
const OWN =
  /^(up|process_\w+|llamacloud_exporter_(build_info|config_\w+|snapshot_\w+|state_write_errors_total|api_\w+))\{/;
const ofMember = (key: string, pod: string): string =>
  key.replace(
    'job="llamacloud-exporter",instance="exporter:10940"',
    `job="llamacloud-exporter-members",instance="${pod}"`,
  );

/** The healthy world as several members show it: two pods, and one target for the projects. */
function members(minutes: number): Record<string, string> {
  const entries = Object.entries(healthyWorld(1, minutes + 1)).flatMap(([key, values]) =>
    OWN.test(key)
      ? ['pod-a:1', 'pod-b:1'].map((pod) => [ofMember(key, pod), values] as const)
      : [[key, values] as const],
  );
  const service = 'up{job="llamacloud-exporter",instance="exporter:10940"}';
  return { ...Object.fromEntries(entries), [service]: flat(1, minutes + 1) };
}

/** Label sets of the alerts that ever fired. */
async function fires(minutes: number, series: Series, expected: readonly string[]): Promise<string> {
  const world: Series = { ...members(minutes), ...series };
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

const member = (name: string, pod: string): string =>
  ofMember(`${name}{job="llamacloud-exporter",instance="exporter:10940"}`, pod);

describe.runIf(promtool)('rules over several members', { timeout: 120_000 }, () => {
  it('fire for nothing while nothing is wrong', async () => {
    expect(await fires(90, {}, [])).toBe('');
  });

  it('tell which member, and what belongs to none', async () => {
    const found = await fires(
      90,
      {
        [member('process_resident_memory_bytes', 'pod-a:1')]: seq(flat(1e8, 10), flat(5e8, 90)),
        [member('llamacloud_exporter_snapshot_timestamp_seconds', 'pod-b:1')]: seq(ramp(0, 60, 11), flat(600, 90)),
        'llamacloud_exporter_state_size_bytes{job="llamacloud-exporter",instance="exporter:10940"}': flat(5e9, 100),
        'llamacloud_exporter_project_last_success_timestamp_seconds{job="llamacloud-exporter",instance="exporter:10940",project_id="p1",project="support"}':
          seq(ramp(0, 60, 11), flat(600, 90)),
      },
      [
        '{alertname="LlamaCloudExporterMemoryHigh",job="llamacloud-exporter-members",instance="pod-a:1"}',
        '{alertname="LlamaCloudExporterSnapshotStale",job="llamacloud-exporter-members",instance="pod-b:1"}',
        '{alertname="LlamaCloudExporterStateLarge",job="llamacloud-exporter",instance="exporter:10940"}',
        '{alertname="LlamaCloudMostDataStale",job="llamacloud-exporter",instance="exporter:10940"}',
      ],
    );
    expect(found).toBe('');
  });
});
