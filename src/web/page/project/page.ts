/** The page of one project: its figures, and the sessions behind them. */
import type { ProjectDetail } from '../../../domain/status.ts';
import { clip, whole } from '../format.ts';
import { footer, framed, type PageSettings } from '../frame.ts';
import { type Html, html } from '../html.ts';
import { attentionChip } from '../shared/attention.ts';
import { ACCOUNTING } from '../shared/exactness.ts';
import { problemList } from '../shared/problems.ts';
import { tileList } from '../shared/summary.ts';
import { projectLink } from '../shared/verdict.ts';
import { sessionsLink } from './presets.ts';
import { copyButton, type SessionsParts, sessionsSection } from './session-table.ts';
import { projectTiles } from './tiles.ts';

/** A list of sessions is kept for a polling interval, so there is nothing new to show sooner; one that was not ready is tried again. */
const RENEWAL_SECONDS = 60;
const BUSY_SECONDS = 3;

/** The Grafana dashboard of this repository for one project, below Grafana's own address. */
const DASHBOARD = '/d/llamacloud-project';

export function projectPage(detail: ProjectDetail, parts: SessionsParts, settings: PageSettings): string {
  const { id, name } = detail.project;
  const frame = {
    base: '../',
    title: `${clip(name)} – LlamaCloud exporter`,
    skip: { id: 'sessions', label: 'Skip to the sessions' },
    renewal: { url: `${encodeURIComponent(id.toWellFormed())}/fragment`, secondsWithoutScript: secondsOf(parts) },
    settings,
  };
  return framed(frame, live(detail, parts));
}

function secondsOf({ lists }: SessionsParts): number {
  return lists === 'busy' ? BUSY_SECONDS : RENEWAL_SECONDS;
}

/** What the script fetches: the inside of `<main>`. */
export function projectFragment(detail: ProjectDetail, parts: SessionsParts): string {
  return live(detail, parts).text;
}

function live(detail: ProjectDetail, parts: SessionsParts): Html {
  const { project, problems, now } = detail;
  return html`${title(detail)}
${problemList({ problems, projects: [project], now })}
${tileList(projectTiles(detail))}
${failures(detail, parts)}
${sessionsSection(parts)}
${about(detail, parts)}`;
}

function title({ project, organizationId, team }: ProjectDetail): Html {
  return html`<header class="project-head">
<p class="back"><a href="../">All projects</a></p>
<h1><bdi>${clip(project.name)}</bdi> ${attentionChip(project)}</h1>
<p class="note"><code>${clip(project.id)}</code> ${copyButton(project.id, 'project id')} <span>account <bdi>${project.account}</bdi></span> ${team !== '' && html`<span>team <bdi>${team}</bdi></span> `}<span>organization <code>${clip(organizationId)}</code></span></p>
</header>`;
}

/** Failed runs by class: each leads to the sessions that failed so. */
function failures({ failedByClass }: ProjectDetail, { view, classes }: SessionsParts): Html {
  if (failedByClass.length === 0) return html``;
  const entry = ([name, runs]: readonly [string, number]): Html => {
    const text = html`<b>${name}</b> ${whole(runs)}`;
    if (!classes.includes(name)) return html`<li>${text}</li>`;
    const link = sessionsLink({ ...view, preset: 'failures', errorClass: name });
    return html`<li><a data-live href="${link}">${text}</a></li>`;
  };
  return html`<section id="classes"><h2>Failed runs by class</h2><ul class="classes">${failedByClass.map(entry)}</ul></section>`;
}

function about({ project, now, accounting }: ProjectDetail, parts: SessionsParts): Html {
  const dashboard = `${DASHBOARD}?${new URLSearchParams({ 'var-project': project.id.toWellFormed() }).toString()}`;
  const json = `../api/v1/${projectLink(project.id)}/sessions`;
  const text = html`<p>${ACCOUNTING[accounting]}</p>
<p>Dashboard, below the address of your Grafana: <code>${clip(dashboard)}</code> ${copyButton(dashboard, 'dashboard path')}</p>
<p>Sessions as <a href="${json}">JSON</a>. As of <time datetime="${now}">${now.slice(0, 19).replace('T', ' ')} UTC</time>.</p>`;
  return footer(secondsOf(parts), text);
}
