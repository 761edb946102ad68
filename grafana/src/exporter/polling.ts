/** How polling goes: how long polls take, how they end, how far sweeps are. */
import type { PollKind } from '../../../src/domain/polls.ts';
import { EXPORTER, POLLING } from '../../../src/metrics/catalog.ts';
import { events, legendBeside, lines, stacked } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { color, dashed, rightAxis } from '../overrides.ts';
import { COLOR, FAILURE_COLORS } from '../palette.ts';
import { ofExporter, ofProjects, once, rate, total } from '../promql.ts';
import { series } from '../queries.ts';

const kind = (name: PollKind) => ofProjects(POLLING.duration, `kind="${name}"`);

function pollDuration() {
  return lines(
    'Duration of polls',
    'Duration of the last poll of a project by kind: the slowest project and the median. Sweeps have their scale on the right.',
    's',
  )
    .withTarget(series(`max(${kind('head')})`, 'Head, slowest'))
    .withTarget(series(`quantile(0.5, ${kind('head')})`, 'Head, median'))
    .withTarget(series(`max(${kind('full')})`, 'Full, slowest'))
    .withTarget(series(`quantile(0.5, ${kind('full')})`, 'Full, median'))
    .overrideByName('Head, slowest', [color(COLOR.input)])
    .overrideByName('Head, median', [color(COLOR.p50)])
    .overrideByName('Full, slowest', [color(COLOR.p99), rightAxis()])
    .overrideByName('Full, median', [color(COLOR.p95), rightAxis()]);
}

function outcomes() {
  return stacked(
    'Polls per minute',
    'Polls of all chosen projects by outcome; skipped ones were due while the one before was still running.',
    'short',
  )
    .withTarget(series(`60 * ${total(rate(ofProjects(POLLING.polls)), 'outcome')}`, '{{outcome}}'))
    .overrideByName('success', [color(COLOR.ok)])
    .overrideByName('failure', [color(COLOR.error)])
    .overrideByName('skipped', [color(COLOR.warning)]);
}

function failures() {
  const panel = events('Failed polls by reason', 'Failed polls per minute of all chosen projects, by reason.')
    .noValue('No poll has failed')
    .withTarget(series(`60 * ${total(rate(ofProjects(POLLING.failures)), 'reason')} > 0`, '{{reason}}'));
  for (const [reason, reasonColor] of FAILURE_COLORS) panel.overrideByName(reason, [color(reasonColor)]);
  return panel;
}

function headPolling() {
  const head = once(ofProjects(POLLING.headPolling));
  return lines(
    'Head polling',
    'Projects of which only the newest sessions are read between two sweeps, those that are always read whole, and those that discovery found.',
    'short',
  )
    .withTarget(series(`sum(${head})`, 'Head'))
    .withTarget(series(`count(${head}) - sum(${head})`, 'Always whole'))
    .withTarget(series(total(ofExporter(EXPORTER.projects)), 'Discovered'))
    .overrideByName('Head', [color(COLOR.ok)])
    .overrideByName('Always whole', [color(COLOR.warning)])
    .overrideByName('Discovered', [color(COLOR.past), ...dashed()]);
}

const perMinute = (selector: string): string => `60 * ${total(rate(selector))} > 0`;

function doubts() {
  return events(
    'Doubtful data',
    'Per minute: changes that head polls missed, older states that the API showed again, and malformed sessions by reason.',
  )
    .noValue('Nothing doubtful was read')
    .legend(legendBeside())
    .withTarget(series(perMinute(ofProjects(POLLING.misses)), 'Missed'))
    .withTarget(series(perMinute(ofProjects(POLLING.staleReads)), 'Stale'))
    .withTarget(series(`60 * ${total(rate(ofProjects(POLLING.invalid)), 'reason')} > 0`, 'Malformed: {{reason}}'))
    .overrideByName('Missed', [color(COLOR.p99)])
    .overrideByName('Stale', [color(COLOR.input)])
    .overrideByRegexp('/^Malformed/', [color(COLOR.output)]);
}

export function polling(): Row {
  return {
    title: 'Polling',
    panels: [
      place(pollDuration(), 8, 10),
      place(outcomes(), 8, 10),
      place(failures(), 8, 10),
      place(headPolling(), 8, 8),
      place(doubts(), 16, 8),
    ],
  };
}
