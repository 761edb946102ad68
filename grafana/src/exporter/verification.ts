/** How far event histories have confirmed the counters, and what reading them costs. */
import type { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import { EXPORTER, POLLING, RUNS } from '../../../src/metrics/catalog.ts';
import { events, lines, stacked } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { color } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { age, max, ofExporter, ofProjects, rate, ratio, sum, total, withNames } from '../promql.ts';
import { series } from '../queries.ts';

/** Shown instead of a graph without data. */
const NO_HISTORIES = 'No history is read: accounting is last_run';

function waiting(): TimeseriesPanel {
  return stacked(
    'Sessions to verify',
    'Sessions whose event history is still to be read, by project: until then the list alone is counted. The ten projects where most wait.',
    'short',
  )
    .noValue(NO_HISTORIES)
    .withTarget(series(withNames(`topk(10, ${total(ofProjects(POLLING.unverified), 'project_id')})`), '{{project}}'));
}

function longestWait(): TimeseriesPanel {
  return lines(
    'Longest wait',
    'How long the session that waits longest has been unverified. All runs before that are counted exactly. A gap: none waits.',
    's',
  )
    .noValue('No session waits for its history')
    .withTarget(series(max(age(ofProjects(POLLING.oldestUnverified))), 'Longest'))
    .overrideByName('Longest', [color(COLOR.input)]);
}

function outcomes(): TimeseriesPanel {
  return stacked(
    'Histories per minute',
    'Attempts to read an event history by outcome: verified; behind, where it was older than the list; failed, to be retried; given up after a day.',
    'short',
  )
    .noValue(NO_HISTORIES)
    .withTarget(series(`60 * ${total(rate(ofProjects(POLLING.histories)), 'outcome')}`, '{{outcome}}'))
    .overrideByName('verified', [color(COLOR.ok)])
    .overrideByName('behind', [color(COLOR.input)])
    .overrideByName('failed', [color(COLOR.warning)])
    .overrideByName('given_up', [color(COLOR.error)]);
}

function bytes(): TimeseriesPanel {
  return lines('Bytes of histories', 'Event histories read per second, after decompression, by account.', 'binBps')
    .noValue(NO_HISTORIES)
    .withTarget(series(sum(rate(ofExporter(EXPORTER.historyBytes)), 'account'), '{{account}}'));
}

function hiddenShare(): TimeseriesPanel {
  return lines(
    'Share of hidden runs',
    'Runs that only an event history showed, of all runs counted: what accounting: last_run would miss. A gap: no run.',
    'percentunit',
  )
    .noValue('No run, or accounting is last_run')
    .max(1)
    .withTarget(series(ratio(total(rate(ofProjects(RUNS.hiddenRuns))), total(rate(ofProjects(RUNS.runs)))), 'Hidden'))
    .overrideByName('Hidden', [color(COLOR.runs)]);
}

function unreconciled(): TimeseriesPanel {
  return events(
    'Not told exactly',
    'Per minute: how often the runs of a session could not be told exactly and the smaller number was taken, or its history was given up.',
  )
    .noValue('All runs were told exactly')
    .withTarget(series(`60 * ${total(rate(ofProjects(POLLING.unreconciled)))} > 0`, 'Unreconciled'))
    .overrideByName('Unreconciled', [color(COLOR.warning)]);
}

export function verification(): Row {
  return {
    title: 'Verification',
    panels: [
      place(waiting(), 8, 8),
      place(longestWait(), 8, 8),
      place(outcomes(), 8, 8),
      place(bytes(), 8, 8),
      place(hiddenShare(), 8, 8),
      place(unreconciled(), 8, 8),
    ],
  };
}
