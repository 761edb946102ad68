/** The status page of all projects: the whole page, and the part of it that is renewed every few seconds. */
import type { AccountStatus, Status } from '../../../domain/status.ts';
import { ago, budget, bytes, duration, whole } from '../format.ts';
import { footer, framed, type PageSettings } from '../frame.ts';
import { type Html, html } from '../html.ts';
import { ACCOUNTING } from '../shared/exactness.ts';
import { problemList } from '../shared/problems.ts';
import { summary } from '../shared/summary.ts';
import { verdict } from '../shared/verdict.ts';
import { members } from './members.ts';
import { projects } from './projects.ts';
import type { View } from './sort.ts';

/** How often the page renews itself: with its script, and without, seconds. */
const RENEWAL_SECONDS = 5;
const RENEWAL = { url: 'fragment', secondsWithoutScript: 15 } as const;

/** The whole page as HTML. */
export function page(status: Status, view: View, settings: PageSettings): string {
  const skip = { id: 'projects', label: 'Skip to the projects' };
  return framed({ base: '', title: 'LlamaCloud exporter', skip, renewal: RENEWAL, settings }, live(status, view));
}

/** What the script fetches: the inside of `<main>`. */
export function fragment(status: Status, view: View): string {
  return live(status, view).text;
}

function live(status: Status, view: View): Html {
  return html`<h1 class="hidden">Status</h1>
${verdict(status)}
${problemList(status)}
${summary(status)}
${projects(status, view)}
${accounts(status)}
${members(status)}
${about(status)}`;
}

function about({ version, revision, startedAt, now, ready, accounting, state }: Status): Html {
  const text = html`<p><span class="chip ${ready ? 'ok' : 'wait'}">${ready ? 'Ready' : 'Starting'}</span>
Version ${version} (${revision}), started <time datetime="${startedAt}" title="${startedAt}">${ago(startedAt, now)}</time>. ${ACCOUNTING[accounting]}</p>
<p>State ${state.location}, ${bytes(state.bytes)}, created <time datetime="${state.createdAt}" title="${state.createdAt}">${ago(state.createdAt, now)}</time>. As of <time datetime="${now}">${now.slice(0, 19).replace('T', ' ')} UTC</time>.</p>`;
  return footer(RENEWAL_SECONDS, text);
}

/** The accounts, one line each: whether discovery works, the request budget, and how long a full sweep takes with it. */
function accounts({ accounts: all }: Status): Html {
  return html`<section id="accounts">
<h2>Accounts</h2>
${all.length === 0 ? html`<p class="calm">No account is polled yet.</p>` : html`<ul class="lines">${all.map(account)}</ul>`}
</section>`;
}

function account(status: AccountStatus): Html {
  const { name, baseUrl, discoveryUp, projects, requestsPerSecond, waitSeconds, fullSweepSeconds } = status;
  return html`<li class="account"><b>${name}</b> ${discovery(discoveryUp)} <span class="url">${baseUrl}</span>
<span>${projects === 1 ? '1 project' : `${whole(projects)} projects`}</span> <span>API budget: ${budget(requestsPerSecond)}</span>
${waitSeconds !== null && html`<span class="chip wait">The API asks to wait ${duration(waitSeconds)}</span>`}
<span>${fullSweepSeconds === null ? 'time of a full sweep not known yet' : `a full sweep takes ${duration(fullSweepSeconds)}`}</span></li>`;
}

function discovery(up: boolean | null): Html {
  if (up === null) return html`<span class="chip wait">Discovery waiting</span>`;
  return up ? html`<span class="chip ok">Discovery OK</span>` : html`<span class="chip bad">Discovery down</span>`;
}
