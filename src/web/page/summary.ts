/** The figures at the top: all projects together, and how exact they are. */
import type { ProjectStatus, Status } from '../../domain/status.ts';
import { exactness } from './exactness.ts';
import { compact, percent, whole } from './format.ts';
import { type Html, html } from './html.ts';

type Tile = {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly tone: 'plain' | 'bad';
};

export function summary(status: Status): Html {
  return html`<dl class="tiles">${tiles(status.projects).map(tile)}</dl>
${exactness(status)}`;
}

function tile({ label, value, note, tone }: Tile): Html {
  return html`<div class="tile ${tone}">
<dt>${label}</dt>
<dd><span class="figure">${value}</span> <span class="note">${note}</span></dd>
</div>`;
}

function tiles(projects: readonly ProjectStatus[]): readonly Tile[] {
  const up = projects.filter((project) => project.up === true).length;
  const down = projects.filter((project) => project.up === false).length;
  const runs = sum(projects, (project) => project.runs);
  const failed = sum(projects, (project) => project.failedRuns);
  const known = projects.filter((project) => project.sessions !== null).length;
  const input = sum(projects, (project) => project.inputTokens);
  const output = sum(projects, (project) => project.outputTokens);
  return [
    {
      label: 'Projects up',
      value: `${whole(up)} of ${whole(projects.length)}`,
      note: down === 0 ? 'none is down' : `${whole(down)} down`,
      tone: down === 0 ? 'plain' : 'bad',
    },
    {
      label: 'Sessions',
      value: whole(sum(projects, (project) => project.sessions ?? 0)),
      note: known === projects.length ? 'as of the last sweeps' : `${whole(projects.length - known)} not swept yet`,
      tone: 'plain',
    },
    { label: 'Runs counted', value: whole(runs), note: `${whole(failed)} failed`, tone: 'plain' },
    {
      label: 'Runs failed',
      value: percent(runs === 0 ? null : failed / runs),
      note: 'of those counted',
      tone: 'plain',
    },
    { label: 'Input tokens', value: compact(input), note: whole(input), tone: 'plain' },
    { label: 'Output tokens', value: compact(output), note: whole(output), tone: 'plain' },
  ];
}

function sum(projects: readonly ProjectStatus[], value: (project: ProjectStatus) => number): number {
  return projects.reduce((total, project) => total + value(project), 0);
}
