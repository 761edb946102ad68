/** The table of the sessions behind a project's figures: tabs, a filter, ids and figures. */
import type { ListedSession, SessionList, SessionListAnswer, SessionState } from '../../../domain/session-list.ts';
import { duration, usd, whole } from '../format.ts';
import { type Html, html } from '../html.ts';
import { instant } from '../overview/columns.ts';
import { PRESETS, type SessionsView, SHOWN, sessionsLink, WINDOWS } from './presets.ts';

export type SessionsParts = {
  readonly view: SessionsView;
  /** Lists in the order of the tabs, or why there are none. */
  readonly lists: Exclude<SessionListAnswer, 'unknown'> | 'failed';
  readonly classes: readonly string[];
  readonly now: string;
};

export function sessionsSection(parts: SessionsParts): Html {
  const { view, lists, now } = parts;
  const list = typeof lists === 'string' ? null : (lists[PRESETS.findIndex(({ key }) => key === view.preset)] ?? null);
  return html`<section id="sessions" class="sessions">
<div class="title"><h2>Sessions</h2>${filterForm(parts)}</div>
<nav class="tabs" aria-label="Lists of sessions">${PRESETS.map(({ key, label }) => tab(view, key, label))}</nav>
<p class="note">Figures are those of each session’s most recent run.</p>
${list === null ? notNow(lists) : sessionTable(list, view, now)}
</section>`;
}

function tab(view: SessionsView, key: SessionsView['preset'], label: string): Html {
  const current = key === view.preset ? html` aria-current="page"` : html``;
  return html`<a data-live id="list-${key}" href="${sessionsLink({ ...view, preset: key, shown: SHOWN.few })}"${current}>${label}</a>`;
}

function notNow(lists: SessionsParts['lists']): Html {
  return lists === 'failed'
    ? html`<p class="calm">The sessions cannot be read now; the log says why.</p>`
    : html`<p class="calm" id="busy">Another list of sessions is being read. This page retries by itself.</p>`;
}

function filterForm({ view, classes }: SessionsParts): Html {
  const isFailures = view.preset === 'failures';
  return html`<form method="get" data-submit>
<input type="hidden" name="list" value="${view.preset}">
${
  isFailures &&
  html`<span class="field"><label for="class">Class</label> <select id="class" name="class"><option value="">any</option>${classes.map((name) => option(name, name, view.errorClass ?? ''))}</select></span>`
}
<span class="field"><label for="since">Updated</label> <select id="since" name="since">${WINDOWS.map(([value, label]) => option(value, label, view.window))}</select></span>
<button type="submit" class="plain">Show</button>
</form>`;
}

function option(value: string, label: string, chosen: string): Html {
  return html`<option value="${value}"${value === chosen ? html` selected` : html``}>${label}</option>`;
}

const COLUMNS = [
  ['Session', 'The id of the session, to look it up in LlamaCloud.', 'text'],
  ['Updated', 'When the session was last updated.', 'number'],
  ['Outcome', 'OK, failed with the class of its error, or never run.', 'text'],
  ['Cost', 'Estimate in US dollars by the configured price.', 'number'],
  ['Duration', 'How long the run took.', 'number'],
  ['Turns', 'Turns that the agent took.', 'number'],
  ['Input tokens', 'Tokens that the run read.', 'number'],
  ['Output tokens', 'Tokens that the run wrote.', 'number'],
] as const;

function sessionTable({ sessions, matched, asOf }: SessionList, view: SessionsView, now: string): Html {
  if (sessions.length === 0) return html`<p class="calm">No session matches.</p>`;
  const shown = sessions.slice(0, view.shown);
  const label = PRESETS.find(({ key }) => key === view.preset)?.label ?? '';
  return html`<table role="table">
<caption>${label}</caption>
<thead role="rowgroup"><tr role="row">${COLUMNS.map(([name, meaning, kind]) => html`<th role="columnheader" scope="col" class="${kind}" title="${meaning}">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">${shown.map((session) => row(session, now))}</tbody>
</table>
<p class="note paging"><span>${whole(shown.length)} of ${whole(matched)}, as of ${instant(asOf, now)}.</span> ${
    shown.length < sessions.length &&
    html`<a data-live href="${sessionsLink({ ...view, shown: SHOWN.many })}">Show ${whole(sessions.length)}</a>`
  }</p>`;
}

function row(s: ListedSession, now: string): Html {
  return html`<tr role="row" data-key="${s.sessionId}">
<th role="rowheader" scope="row" class="name"><code>${s.sessionId}</code> ${copyButton(s.sessionId, 'session id')}</th>
${cell('Updated', instant(s.updatedAt, now))}
<td role="cell" class="text" data-label="Outcome">${outcome(s.state, s.class)}</td>
${cell('Cost', usd(s.costUsd))}${cell('Duration', duration(s.durationSeconds))}${cell('Turns', whole(s.turns))}
${cell('Input tokens', whole(s.inputTokens))}${cell('Output tokens', whole(s.outputTokens))}
</tr>`;
}

function cell(label: string, value: Html | string): Html {
  return html`<td role="cell" class="number" data-label="${label}">${value}</td>`;
}

function outcome(state: SessionState, errorClass: string | null): Html {
  if (state === 'ok') return html`<span class="chip ok">OK</span>`;
  if (state === 'never_run') return html`<span class="chip wait">Never run</span>`;
  return html`<span class="chip bad">Failed</span> <span class="class">${errorClass}</span>`;
}

/** Shown only where the script runs. */
export function copyButton(text: string, what: string): Html {
  return html`<button type="button" class="copy" data-copy="${text}" aria-label="Copy ${what} ${text}">Copy</button>`;
}
