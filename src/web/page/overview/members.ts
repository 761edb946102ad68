/** The processes that share the state, a line each; nothing where there is one. */
import type { MemberStatus, Status } from '../../../domain/status.ts';
import { clip, whole } from '../format.ts';
import { type Html, html } from '../html.ts';

export function members({ members: all }: Status): Html {
  if (all.length < 2) return html``;
  return html`<section id="members">
<h2>Members</h2>
<ul class="lines">${all.map(member)}</ul>
</section>`;
}

function member({ name, projects, isSelf }: MemberStatus): Html {
  return html`<li class="member"><b><bdi>${clip(name)}</bdi></b> ${isSelf && html`<span class="chip ok">This one</span>`}
<span>${projects === 1 ? '1 project' : `${whole(projects)} projects`}</span></li>`;
}
