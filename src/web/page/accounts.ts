/** The accounts: whether discovery works, the budget of requests, and how long a full sweep takes with it. */
import type { AccountStatus, Status } from '../../domain/status.ts';
import { budget, duration, whole } from './format.ts';
import { type Html, html } from './html.ts';

export function accounts({ accounts: all }: Status): Html {
  return html`<section id="accounts">
<h2>API budget</h2>
${all.length === 0 ? html`<p class="calm">No account is polled yet.</p>` : html`<ul class="cards">${all.map(account)}</ul>`}
</section>`;
}

function account({ name, baseUrl, discoveryUp, projects, requestsPerSecond, fullSweepSeconds }: AccountStatus): Html {
  return html`<li class="card account">
<h3>${name} ${discovery(discoveryUp)}</h3>
<p class="url">${baseUrl}</p>
<dl class="facts">
<div><dt>Projects</dt><dd>${whole(projects)}</dd></div>
<div><dt>Allowed now</dt><dd>${budget(requestsPerSecond)}</dd></div>
<div><dt>A full sweep takes</dt><dd>${fullSweepSeconds === null ? 'not known yet' : duration(fullSweepSeconds)}</dd></div>
</dl>
</li>`;
}

function discovery(up: boolean | null): Html {
  if (up === null) return html`<span class="chip wait">Discovery waits</span>`;
  return up ? html`<span class="chip ok">Discovery up</span>` : html`<span class="chip bad">Discovery down</span>`;
}
