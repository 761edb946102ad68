/** The status page of all projects: the whole page, and the part of it that is renewed every few seconds. */
import type { Status } from '../../../domain/status.ts';
import { ago, bytes } from '../format.ts';
import { footer, framed, type PageSettings } from '../frame.ts';
import { type Html, html } from '../html.ts';
import { ACCOUNTING } from '../shared/exactness.ts';
import { problemList } from '../shared/problems.ts';
import { summary } from '../shared/summary.ts';
import { verdict } from '../shared/verdict.ts';
import { accounts } from './accounts.ts';
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
  const text = html`<p><span class="chip ${ready ? 'ok' : 'wait'}">${ready ? 'Ready' : 'Not ready'}</span>
Version ${version} (${revision}), started <time datetime="${startedAt}" title="${startedAt}">${ago(startedAt, now)}</time>. ${ACCOUNTING[accounting]}</p>
<p>State ${state.location}, ${bytes(state.bytes)}, created <time datetime="${state.createdAt}" title="${state.createdAt}">${ago(state.createdAt, now)}</time>. As of <time datetime="${now}">${now.slice(0, 19).replace('T', ' ')} UTC</time>.</p>`;
  return footer(RENEWAL_SECONDS, text);
}
