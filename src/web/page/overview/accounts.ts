/** The accounts, a line each: whether discovery works, the budget of requests, and how long a full sweep takes with it. */
import type { AccountStatus, Status } from '../../../domain/status.ts';
import { budget, duration, whole } from '../format.ts';
import { type Html, html } from '../html.ts';

export function accounts({ accounts: all }: Status): Html {
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
