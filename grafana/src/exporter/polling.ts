/** How polling goes: how long polls take, how they end, how far sweeps are. */
import {
  GraphDrawStyle,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PollKind } from '../../../src/domain/polls.ts';
import { POLLING } from '../../../src/metrics/catalog.ts';
import { bars, lines, stacked } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { color } from '../overrides.ts';
import { COLOR, POLL_FAILURE_COLORS } from '../palette.ts';
import { growthPerWindow, ofProjects, rate, sum } from '../promql.ts';
import { now, series } from '../queries.ts';

const kind = (name: PollKind) => ofProjects(POLLING.duration, `kind="${name}"`);

function pollDuration() {
  return lines(
    'Duration of polls',
    'Duration of the last poll of a project by kind: the slowest project and the median. The scale is logarithmic.',
    's',
  )
    .scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10))
    .fillOpacity(0)
    .withTarget(series(`max(${kind('head')})`, 'Head, slowest'))
    .withTarget(series(`quantile(0.5, ${kind('head')})`, 'Head, median'))
    .withTarget(series(`max(${kind('full')})`, 'Full, slowest'))
    .withTarget(series(`quantile(0.5, ${kind('full')})`, 'Full, median'))
    .overrideByName('Head, slowest', [color(COLOR.input)])
    .overrideByName('Head, median', [color(COLOR.p50)])
    .overrideByName('Full, slowest', [color(COLOR.p99)])
    .overrideByName('Full, median', [color(COLOR.p95)]);
}

function outcomes() {
  return stacked(
    'Polls per minute',
    'Polls of all chosen projects by outcome; skipped ones were due while the one before was still running.',
    'short',
  )
    .withTarget(series(`60 * ${sum(rate(ofProjects(POLLING.polls)), 'outcome')}`, '{{outcome}}'))
    .overrideByName('success', [color(COLOR.ok)])
    .overrideByName('failure', [color(COLOR.error)])
    .overrideByName('skipped', [color(COLOR.warning)]);
}

function failures() {
  const panel = stacked('Failed polls by reason', 'Failed polls per minute of all chosen projects.', 'short')
    .noValue('No poll has failed')
    .drawStyle(GraphDrawStyle.Bars)
    .withTarget(series(`60 * ${sum(rate(ofProjects(POLLING.failures)), 'reason')} > 0`, '{{reason}}'));
  for (const [reason, reasonColor] of POLL_FAILURE_COLORS) panel.overrideByName(reason, [color(reasonColor)]);
  return panel;
}

function sweepProgress() {
  return bars(
    'Sweep progress',
    'Pages read by the running sweep over those of the last one, of the ten projects that are least far; 100 % at rest.',
    'percentunit',
  )
    .max(1)
    .decimals(0)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(COLOR.input))
    .withTarget(
      now(`sort(bottomk(10, min by (project_id, project) (${ofProjects(POLLING.sweepProgress)})))`, '{{project}}'),
    );
}

function headPolling() {
  const head = ofProjects(POLLING.headPolling);
  return lines(
    'Head polling',
    'Projects of which only the newest sessions are read between two sweeps, and those that are always read whole.',
    'short',
  )
    .withTarget(series(`sum(${head})`, 'Head'))
    .withTarget(series(`count(${head}) - sum(${head})`, 'Always whole'))
    .overrideByName('Head', [color(COLOR.ok)])
    .overrideByName('Always whole', [color(COLOR.warning)]);
}

function doubts() {
  return stacked(
    'Doubtful data',
    'Changes that head polls missed, older states that the API showed again, malformed sessions, histories that could not be reconciled: how many per window of rates.',
    'short',
  )
    .noValue('Nothing doubtful was read')
    .drawStyle(GraphDrawStyle.Bars)
    .withTarget(series(`${sum(growthPerWindow(ofProjects(POLLING.misses)))} > 0`, 'Missed'))
    .withTarget(series(`${sum(growthPerWindow(ofProjects(POLLING.staleReads)))} > 0`, 'Stale'))
    .withTarget(series(`${sum(growthPerWindow(ofProjects(POLLING.invalid)), 'reason')} > 0`, 'Malformed: {{reason}}'))
    .withTarget(series(`${sum(growthPerWindow(ofProjects(POLLING.unreconciled)))} > 0`, 'Unreconciled'))
    .overrideByName('Missed', [color(COLOR.p99)])
    .overrideByName('Stale', [color(COLOR.input)])
    .overrideByName('Unreconciled', [color(COLOR.p95)])
    .overrideByRegexp('/^Malformed/', [color(COLOR.output)]);
}

export function polling(): Row {
  return {
    title: 'Polling',
    panels: [
      place(pollDuration(), 8, 9),
      place(outcomes(), 8, 9),
      place(failures(), 8, 9),
      place(sweepProgress(), 8, 9),
      place(headPolling(), 8, 9),
      place(doubts(), 8, 9),
    ],
  };
}
