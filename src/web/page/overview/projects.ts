/** The table of projects. On narrow screens each row is a card; ARIA roles keep it a table for screen readers. */
import type { ProjectStatus, Status } from '../../../domain/status.ts';
import { clip, whole } from '../format.ts';
import { type Html, html } from '../html.ts';
import { needsLook } from '../shared/attention.ts';
import { projectLink } from '../shared/verdict.ts';
import { type Column, columnsOf, NAME_MEANING } from './columns.ts';
import { arrange, linkTo, type SortKey, sortedBy, type View } from './sort.ts';

/** Rows of one page: a browser lays them out within 200 ms. */
const ROWS = 50;
/** Below this many projects there is nothing to search in. */
const WORTH_FILTERING = 8;

export function projects(status: Status, view: View): Html {
  const found = arrange(status.projects, view);
  const pages = Math.max(1, Math.ceil(found.length / ROWS));
  const page = Math.min(view.page, pages);
  const shown = found.slice((page - 1) * ROWS, page * ROWS);
  return html`<section id="projects" class="projects">
<div class="title"><h2>Projects</h2>${filterForm(status, view)}</div>
${shown.length === 0 ? html`<p class="calm">${whyEmpty(status, view)}</p>` : table(shown, status, view)}
${pages > 1 && paging(found.length, page, pages, view)}
${shown.length > 0 && glossary(columnsOf(status))}
</section>`;
}

function whyEmpty({ projects: all, accounts }: Status, { onlyFailing, filter }: View): string {
  if (all.length > 0)
    return onlyFailing && filter === '' ? 'No project is down or failing.' : 'No project matches the filter.';
  if (accounts.some((account) => account.discoveryUp === false)) return 'No project: discovery fails, see Problems.';
  if (accounts.some((account) => account.discoveryUp))
    return 'The key sees no project that the configuration includes.';
  return 'No project yet: discovery has not finished.';
}

function filterForm({ projects: all }: Status, view: View): Html {
  if (all.length < WORTH_FILTERING) return html``;
  const failing = all.filter(needsLook).length;
  return html`<form role="search" method="get" action="./">
<input type="hidden" name="sort" value="${view.sort}">
<input type="hidden" name="order" value="${view.isDescending ? 'desc' : 'asc'}">
${view.onlyFailing && html`<input type="hidden" name="only" value="failing">`}
<a class="toggle" id="only" data-live href="${linkTo({ ...view, onlyFailing: !view.onlyFailing, page: 1 })}">${view.onlyFailing ? 'Show all projects' : `Only failing (${whole(failing)})`}</a>
<span class="field"><label for="q">Filter</label> <input id="q" name="q" type="search" value="${view.filter}" maxlength="100" placeholder="name or id" autocomplete="off"></span>
</form>`;
}

function table(shown: readonly ProjectStatus[], status: Status, view: View): Html {
  const columns = columnsOf(status);
  const by = view.sort === 'name' ? 'Project' : (columns.find(({ key }) => key === view.sort)?.label ?? '');
  const hasAccounts = status.accounts.length > 1;
  return html`<table role="table">
<caption>Projects, sorted by ${by}, ${view.isDescending ? 'descending' : 'ascending'}</caption>
<thead role="rowgroup"><tr role="row">${heading('name', 'Project', NAME_MEANING, 'text', view)}${columns.map(({ key, label, meaning, kind }) => heading(key, label, meaning, kind, view))}</tr></thead>
<tbody role="rowgroup">${shown.map((project) => row(project, columns, status.now, hasAccounts))}</tbody>
</table>`;
}

function heading(key: SortKey, label: string, meaning: string, kind: string, view: View): Html {
  const sorted = view.isDescending ? 'descending' : 'ascending';
  return html`<th role="columnheader" scope="col" class="${kind}" aria-sort="${view.sort === key ? sorted : 'none'}"><a data-live href="${linkTo(sortedBy(view, key))}" id="sort-${key}" title="${meaning}">${label}</a></th>`;
}

function row(p: ProjectStatus, columns: readonly Column[], now: string, hasAccounts: boolean): Html {
  return html`<tr role="row" data-key="${p.id}">
<th role="rowheader" scope="row" class="name"><a class="project" data-page href="${projectLink(p.id)}"><bdi>${clip(p.name)}</bdi></a> <span class="id">${clip(p.id)}${hasAccounts && html` · <bdi>${p.account}</bdi>`}</span></th>
${columns.map((column) => cell(column, p, now))}
</tr>`;
}

function cell({ key, label, kind, value, exact }: Column, p: ProjectStatus, now: string): Html {
  const title = exact === undefined ? html`` : html` title="${exact(p)}"`;
  return html`<td role="cell" class="${kind}${key === 'status' && ' status'}" data-label="${label}"${title}>${value(p, now)}</td>`;
}

function paging(found: number, page: number, pages: number, view: View): Html {
  const first = (page - 1) * ROWS + 1;
  const link = (to: number, label: string): Html | false =>
    to >= 1 && to <= pages && html`<a data-live href="${linkTo({ ...view, page: to })}">${label}</a>`;
  return html`<nav class="paging" aria-label="Pages of projects">
<span>${whole(first)} to ${whole(Math.min(found, page * ROWS))} of ${whole(found)} projects</span>
${page > 1 && link(1, 'First')} ${link(page - 1, 'Previous')} ${link(page + 1, 'Next')} ${page < pages && link(pages, 'Last')}
</nav>`;
}

/** What a tooltip says, for those who have no pointer. */
function glossary(columns: readonly Column[]): Html {
  return html`<details id="columns"><summary>What the columns mean</summary><dl class="glossary">${columns.map(
    ({ label, meaning }) => html`<div><dt>${label}</dt><dd>${meaning}</dd></div>`,
  )}</dl></details>`;
}
