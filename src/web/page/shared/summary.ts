/** The figures at the top of a page: all projects together, and how exact they are. */
import type { ProjectStatus, Status } from '../../../domain/status.ts';
import { compact, percent, usd, whole } from '../format.ts';
import { type Html, html } from '../html.ts';
import { exactness } from './exactness.ts';

/** A figure with what it means in short; `meaning` in full. */
export type Tile = {
  readonly label: string;
  readonly meaning: string;
  readonly value: Html | string;
  readonly note: Html | string;
  readonly tone: 'plain' | 'bad';
};

export function summary(status: Status): Html {
  return html`${tileList(tiles(status.projects))}
${exactness(status)}`;
}

export function tileList(all: readonly Tile[]): Html {
  return html`<dl class="tiles">${all.map(
    ({ label, meaning, value, note, tone }) => html`<div class="tile ${tone}" title="${meaning}">
<dt>${label}</dt>
<dd><span class="figure">${value}</span> <span class="note">${note}</span></dd>
</div>`,
  )}</dl>`;
}

function tiles(projects: readonly ProjectStatus[]): readonly Tile[] {
  return [up(projects), ...runs(projects), ...sessions(projects), ...money(projects)];
}

function up(projects: readonly ProjectStatus[]): Tile {
  const down = projects.filter((project) => project.up === false).length;
  return {
    label: 'Projects up',
    meaning: 'Projects whose last poll succeeded.',
    value: `${whole(projects.filter((project) => project.up === true).length)} of ${whole(projects.length)}`,
    note: down === 0 ? 'none is down' : `${whole(down)} down`,
    tone: down === 0 ? 'plain' : 'bad',
  };
}

function runs(projects: readonly ProjectStatus[]): readonly Tile[] {
  const hours = projects.flatMap(({ lastHour }) => lastHour ?? []);
  const all = sum(projects, (project) => project.runs);
  const failed = sum(projects, (project) => project.failedRuns);
  const lately = hours.reduce((total, hour) => total + hour.runs, 0);
  const failedLately = hours.reduce((total, hour) => total + hour.failed, 0);
  return [
    {
      label: 'Runs in the last hour',
      meaning: 'Runs counted within the last hour, or since the exporter started if that is later.',
      value: whole(lately),
      note: failedNote(failedLately, lately),
      tone: 'plain',
    },
    {
      label: 'Runs counted',
      meaning: 'Runs since counting began, failed ones included.',
      value: whole(all),
      note: failedNote(failed, all),
      tone: 'plain',
    },
  ];
}

/** `56 failed (1.0%)`. */
export function failedNote(failed: number, all: number): string {
  return failed === 0 ? 'none failed' : `${whole(failed)} failed (${percent(all === 0 ? null : failed / all)})`;
}

function sessions(projects: readonly ProjectStatus[]): readonly Tile[] {
  const unknown = projects.filter((project) => project.sessions === null).length;
  const inError = `${whole(sum(projects, (project) => project.sessionsInError ?? 0))} in error`;
  return [
    {
      label: 'Sessions',
      meaning: 'Sessions in all projects, as of the last full sweeps; in error are those whose most recent run failed.',
      value: whole(sum(projects, (project) => project.sessions ?? 0)),
      note:
        unknown === 0
          ? inError
          : `${inError}; ${whole(unknown)} ${unknown === 1 ? 'project' : 'projects'} not swept yet`,
      tone: 'plain',
    },
  ];
}

function money(projects: readonly ProjectStatus[]): readonly Tile[] {
  const priced = projects.filter((project) => project.costUsd !== null);
  const [input, output] = [sum(projects, (p) => p.inputTokens), sum(projects, (p) => p.outputTokens)];
  return [
    {
      label: 'Cost',
      meaning: 'Estimate in US dollars by the configured prices, of all counted runs.',
      value: usd(priced.length === 0 ? null : sum(priced, (project) => project.costUsd ?? 0)),
      note: costNote(priced.length, projects.length),
      tone: 'plain',
    },
    {
      label: 'Tokens',
      meaning: `${whole(input)} input and ${whole(output)} output tokens of all counted runs.`,
      value: compact(input + output),
      note: `${compact(input)} in, ${compact(output)} out`,
      tone: 'plain',
    },
  ];
}

function costNote(priced: number, all: number): string {
  if (priced === 0) return 'no price is configured';
  return priced === all ? 'of the runs counted' : `${whole(priced)} of ${whole(all)} projects have a price`;
}

function sum(projects: readonly ProjectStatus[], value: (project: ProjectStatus) => number): number {
  return projects.reduce((total, project) => total + value(project), 0);
}
