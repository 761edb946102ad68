/** Sentences on how runs are counted, up to when the numbers are exact, and what may be missing (docs/accounting.md, H7). */
import type { ProjectStatus, Status } from '../../../domain/status.ts';
import { ago, NOTHING, whole } from '../format.ts';
import { type Html, html } from '../html.ts';

/** How runs are counted, by the `accounting` setting. */
export const ACCOUNTING: Readonly<Record<Status['accounting'], string>> = {
  every_run: 'Every run is counted: at once where the session list shows it, else once the event history is read.',
  last_run: 'Only the last run of each session between two polls is counted; event histories are not read.',
};

/** One paragraph for all projects together. */
export function exactness(status: Status): Html {
  if (status.accounting === 'last_run') {
    return html`<p class="exactness" id="exact"><span class="chip wait">Lower bound</span> Only the last run of each session between two polls is counted (accounting: last_run). ${uncertain(status)}</p>`;
  }
  const waiting = sum(status, ({ verification }) => verification?.waiting ?? 0);
  return html`<p class="exactness" id="exact">${chip(status, waiting)} ${upTo(status)} ${sessionsWait(waiting)} ${uncertain(status)}</p>`;
}

function chip(status: Status, waiting: number): Html {
  const isKnown = status.projects.some(({ verification }) => verification !== null && verification.exactUpTo !== null);
  if (!isKnown || waiting > 0) return html`<span class="chip wait">Settling</span>`;
  const isExact = status.projects.every(({ unreconciled }) => unreconciled === 0);
  return html`<span class="chip ok">${isExact ? 'Exact' : 'Settled'}</span>`;
}

/** Of one project, for its row: the instant, and below it what is not settled. */
export function exactUpTo({ verification, unreconciled }: ProjectStatus, now: string): Html {
  const at = verification?.exactUpTo ?? null;
  const waiting = verification?.waiting ?? 0;
  const open = [waiting > 0 && `${whole(waiting)} waiting`, unreconciled > 0 && `${whole(unreconciled)} uncertain`];
  const notes = open.filter((note) => note !== false).join(' · ');
  return html`${at === null ? NOTHING : instant(at, now)}${notes !== '' && html` <span class="left">${notes}</span>`}`;
}

/** The whole is as exact as its oldest part. */
function upTo({ projects, now }: Status): Html {
  const known = projects.flatMap(({ verification }) => verification?.exactUpTo ?? []);
  const [oldest] = known.toSorted();
  if (oldest === undefined) return html`No project has been read yet.`;
  const all =
    known.length === projects.length
      ? ''
      : ` in the ${whole(known.length)} of ${whole(projects.length)} projects read so far`;
  return html`All runs up to ${instant(oldest, now)} are counted${all}.`;
}

function sessionsWait(waiting: number): string {
  if (waiting === 0) return 'No session waits for its event history to be read.';
  if (waiting === 1) return '1 session waits for its event history to be read.';
  return `${whole(waiting)} sessions wait for their event history to be read.`;
}

function uncertain(status: Status): string {
  const unreconciled = sum(status, (project) => project.unreconciled);
  const givenUp = sum(status, ({ verification }) => verification?.givenUp ?? 0);
  if (unreconciled === 0) return '';
  const often = unreconciled === 1 ? 'Once' : `${whole(unreconciled)} times`;
  const lost =
    givenUp === 0
      ? ''
      : `; the history of ${givenUp === 1 ? '1 session' : `${whole(givenUp)} sessions`} could not be read for a day`;
  return `${often} the number of runs was uncertain, and the smaller number was counted${lost}.`;
}

function instant(at: string, now: string): Html {
  return html`<time datetime="${at}" title="${at}">${ago(at, now)}</time>`;
}

function sum({ projects }: Status, value: (project: ProjectStatus) => number): number {
  return projects.reduce((total, project) => total + value(project), 0);
}
