/** The sessions of a project as they stand. */
import { SESSIONS } from '../../../src/metrics/catalog.ts';
import { bars, fixed, limited, lines } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { color } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { ofProjects, ratio, top, total } from '../promql.ts';
import { now, series } from '../queries.ts';
import { activeSessions, sessionsByState } from '../shared.ts';

function errorShare() {
  const panel = lines(
    'Sessions that ended in an error',
    'Share of the sessions that have run whose most recent run failed: of all chosen projects, and of the worst one.',
    'percentunit',
  );
  const ran = total(ofProjects(SESSIONS.sessions, 'state!="never_run"'));
  return limited(panel, { warning: 0.05, bad: 0.2 })
    .withTarget(series(ratio(total(ofProjects(SESSIONS.sessions, 'state="error"')), ran), 'All'))
    .withTarget(series(`max(${ofProjects(SESSIONS.errorRatio)})`, 'Worst project'))
    .overrideByName('All', [color(COLOR.error)])
    .overrideByName('Worst project', [color(COLOR.neutral)]);
}

function byIndex() {
  return bars(
    'Sessions by index',
    'Sessions bound to an index, the ten most used. Needs metrics.indexes: true.',
    'short',
  )
    .noValue('Switched off: set metrics.indexes: true in the configuration file of the exporter')
    .colorScheme(fixed(COLOR.input))
    .withTarget(now(`sort_desc(${top(10, total(ofProjects(SESSIONS.indexSessions), 'index_id'))})`, '{{index_id}}'));
}

export function sessions(): Row {
  return {
    title: 'Sessions',
    panels: [
      place(sessionsByState(), 6, 9),
      place(activeSessions(), 6, 9),
      place(errorShare(), 6, 9),
      place(byIndex(), 6, 9),
    ],
  };
}
