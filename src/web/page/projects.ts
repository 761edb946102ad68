/** The table of projects. On narrow screens each row is a card: the roles keep it a table for screen readers. */
import type { ProjectStatus, Status } from '../../domain/status.ts';
import { exactUpTo } from './exactness.ts';
import { ago, compact, duration, NOTHING, percent, whole } from './format.ts';
import { type Html, html } from './html.ts';
import { arrange, linkTo, type SortKey, type View } from './sort.ts';

/** Most rows in one page: what a browser shows at once without effort. */
const MOST_ROWS = 500;
/** Below this many projects there is nothing to search in. */
const WORTH_FILTERING = 8;

const COLUMNS: readonly (readonly [key: SortKey, label: string, kind: 'text' | 'number'])[] = [
  ['name', 'Project', 'text'],
  ['status', 'Status', 'text'],
  ['sessions', 'Sessions', 'number'],
  ['runs', 'Runs', 'number'],
  ['exact', 'Exact up to', 'number'],
  ['errors', 'Error ratio', 'number'],
  ['input', 'Input tokens', 'number'],
  ['output', 'Output tokens', 'number'],
  ['success', 'Last success', 'number'],
  ['poll', 'Last poll', 'number'],
  ['sweep', 'Full sweep', 'text'],
];

export function projects(status: Status, view: View): Html {
  const found = arrange(status.projects, view);
  const shown = found.slice(0, MOST_ROWS);
  return html`<section id="projects" class="projects">
<div class="title"><h2>Projects</h2>${filterForm(status, view)}</div>
${shown.length === 0 ? html`<p class="calm">${whyEmpty(status)}</p>` : table(shown, status, view)}
${
  found.length > shown.length &&
  html`<p class="calm">${whole(shown.length)} of ${whole(found.length)} projects are shown: filter, or sort by another column.</p>`
}
</section>`;
}

function whyEmpty({ projects: all, accounts }: Status): string {
  if (all.length > 0) return 'No project matches the filter.';
  if (accounts.some((account) => account.discoveryUp === false)) return 'No project: discovery fails, see Problems.';
  if (accounts.some((account) => account.discoveryUp))
    return 'The key sees no project that the configuration includes.';
  return 'No project yet: discovery has not finished.';
}

function filterForm({ projects: all }: Status, view: View): Html {
  if (all.length < WORTH_FILTERING) return html``;
  return html`<form role="search" method="get" action="./">
<input type="hidden" name="sort" value="${view.sort}">
<input type="hidden" name="order" value="${view.isDescending ? 'desc' : 'asc'}">
<label for="q">Filter</label> <input id="q" name="q" type="search" value="${view.filter}" maxlength="100" placeholder="name or id" autocomplete="off">
</form>`;
}

function table(shown: readonly ProjectStatus[], status: Status, view: View): Html {
  const hasAccounts = status.accounts.length > 1;
  const columns = COLUMNS.filter(([key]) => key !== 'exact' || status.accounting === 'every_run');
  return html`<div class="scroll">
<table role="table">
<caption>Projects, sorted by ${COLUMNS.find(([key]) => key === view.sort)?.[1] ?? ''}, ${view.isDescending ? 'descending' : 'ascending'}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(([key, label, kind]) => heading(key, label, kind, view))}</tr></thead>
<tbody role="rowgroup">${shown.map((project) => row(project, status, hasAccounts))}</tbody>
</table>
</div>`;
}

function heading(key: SortKey, label: string, kind: string, view: View): Html {
  const sorted = view.isDescending ? 'descending' : 'ascending';
  return html`<th role="columnheader" scope="col" class="${kind}" aria-sort="${view.sort === key ? sorted : 'none'}"><a data-live href="${linkTo(view, key)}" id="sort-${key}">${label}</a></th>`;
}

function row(p: ProjectStatus, { now, accounting }: Status, hasAccounts: boolean): Html {
  const isExact = accounting === 'every_run';
  return html`<tr role="row" data-key="${p.id}">
<th role="rowheader" scope="row" class="name"><span class="project">${p.name}</span> <span class="id">${p.id}${hasAccounts && ` · ${p.account}`}</span></th>
<td role="cell" class="status" data-label="Status">${state(p.up)}</td>
${cell('Sessions', whole(p.sessions))}
${cell('Runs', whole(p.runs))}
${
  isExact &&
  html`<td role="cell" class="number" data-label="Exact up to">${exactUpTo(p, now)}</td>
`
}${cell('Error ratio', percent(p.errorRatio))}
${cell('Input tokens', compact(p.inputTokens), whole(p.inputTokens))}
${cell('Output tokens', compact(p.outputTokens), whole(p.outputTokens))}
<td role="cell" class="number" data-label="Last success">${success(p.lastSuccess, now)}</td>
${cell('Last poll', p.lastPoll === null ? NOTHING : `${p.lastPoll.kind}, ${duration(p.lastPoll.seconds)}`)}
<td role="cell" class="sweep" data-label="Full sweep">${sweep(p)}</td>
</tr>`;
}

function cell(label: string, value: string, exact: string | null = null): Html {
  const title = exact === null || exact === value ? html`` : html` title="${exact}"`;
  return html`<td role="cell" class="number" data-label="${label}"${title}>${value}</td>`;
}

function state(up: boolean | null): Html {
  if (up === null) return html`<span class="chip wait">Waiting</span>`;
  return up ? html`<span class="chip ok">Up</span>` : html`<span class="chip bad">Down</span>`;
}

function success(at: string | null, now: string): Html {
  return at === null ? html`never` : html`<time datetime="${at}" title="${at}">${ago(at, now)}</time>`;
}

/** A sweep whose end is not known has no share: the bar shows that it runs. */
function sweep({ sweep: running, name }: ProjectStatus): Html {
  if (running === null) return html`<span class="rest">at rest</span>`;
  const { progress, pages, secondsLeft } = running;
  const isKnown = progress > 0;
  const value = isKnown ? html` value="${progress.toFixed(3)}"` : html``;
  const left =
    secondsLeft === null ? `${whole(pages)} ${pages === 1 ? 'page' : 'pages'}` : `${duration(secondsLeft)} left`;
  return html`<progress max="1"${value} aria-label="Full sweep of ${name}"></progress>
<span class="left">${isKnown ? `${Math.floor(progress * 100)}% · ${left}` : left}</span>`;
}
