/** The line at the top of a page that says what is wrong. */
import type { ProjectStatus, Status } from '../../../domain/status.ts';
import { clip, whole } from '../format.ts';
import { type Html, html } from '../html.ts';
import { type Attention, attentionOf, needsLook } from './attention.ts';

/** Most projects named in the line. */
const NAMED = 5;

export function verdict(status: Status): Html {
  const problems = status.problems.filter(({ resolved }) => !resolved).length;
  const bad = status.projects.filter(needsLook);
  if (bad.length === 0 && problems === 0) return calm(status);
  const open = problems === 1 ? '1 open problem' : `${whole(problems)} open problems`;
  const parts = [...counts(status.projects), ...(problems > 0 ? [html`<a href="#problems">${open}</a>`] : [])];
  return html`<div class="verdict bad" id="verdict"><p><b>${joined(parts)}.</b></p>
${bad.length > 0 && names(bad)}</div>`;
}

function calm({ projects, accounts }: Status): Html {
  const waiting = projects.filter((project) => attentionOf(project) === 'waiting').length;
  if (projects.length === 0 || waiting > 0) {
    const words =
      projects.length === 0
        ? 'No project is polled yet.'
        : `${whole(waiting)} of ${whole(projects.length)} projects ${waiting === 1 ? 'has' : 'have'} not been read yet.`;
    return html`<div class="verdict wait" id="verdict"><p><b>${words}</b>${accounts.length === 0 && ' No account is known yet.'}</p></div>`;
  }
  const words = projects.length === 1 ? 'The project is OK.' : `All ${whole(projects.length)} projects are OK.`;
  return html`<div class="verdict ok" id="verdict"><p><b>${words}</b></p></div>`;
}

/** `3 of 500 projects are down`, and after that `12 are failing`. */
function counts(projects: readonly ProjectStatus[]): readonly string[] {
  const n = (wanted: Attention): number => projects.filter((project) => attentionOf(project) === wanted).length;
  const all = projects.length === 1 ? 'project' : `of ${whole(projects.length)} projects`;
  return (
    [
      ['down', n('down')],
      ['failing', n('failing')],
    ] as const
  )
    .filter(([, count]) => count > 0)
    .map(([what, count], i) => `${whole(count)}${i === 0 ? ` ${all}` : ''} ${count === 1 ? 'is' : 'are'} ${what}`);
}

function joined(parts: readonly (Html | string)[]): readonly Html[] {
  return parts.map((part, i) => html`${i > 0 && ', '}${part}`);
}

/** The first few by name, those that are down first; the rest behind a link. */
function names(bad: readonly ProjectStatus[]): Html {
  const down = bad.filter(({ up }) => up === false);
  const shown = [...down, ...bad.filter(({ up }) => up !== false)].slice(0, NAMED);
  return html`<p class="names">${shown.map((project) => html`<a data-page href="${projectLink(project.id)}"><bdi>${clip(project.name)}</bdi></a> `)}${
    bad.length > shown.length && html`<a data-live href="?only=failing">Show all ${whole(bad.length)}</a>`
  }</p>`;
}

/** The address of a project's page, from the status page. */
export function projectLink(id: string): string {
  return `projects/${encodeURIComponent(id.toWellFormed())}`;
}
