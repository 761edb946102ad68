/** Recent problems and how to fix them; the same problem of many projects is one entry. */
import type { Problem, ProjectStatus, Status } from '../../../domain/status.ts';
import { ago, clip, whole } from '../format.ts';
import { type Html, html } from '../html.ts';

/** Most subjects named in one entry. */
const NAMED = 5;
/** Open entries that are shown at once; the rest is folded. */
const SHOWN = 6;

/** Problems that differ only in whom they befall; `latest` speaks for them. */
type Group = {
  readonly latest: Problem;
  readonly subjects: readonly string[];
  readonly count: number;
  readonly firstAt: string;
};

export type ProblemParts = Pick<Status, 'problems' | 'now'> & {
  readonly projects: readonly Pick<ProjectStatus, 'id' | 'name'>[];
};

export function problemList({ problems: all, projects, now }: ProblemParts): Html {
  const names = new Map(projects.map((project) => [project.id, project.name]));
  const open = group(
    all.filter((problem) => !problem.resolved),
    names,
  );
  const over = group(
    all.filter((problem) => problem.resolved),
    names,
  );
  if (open.length + over.length === 0) return html``;
  return html`<section class="problems" id="problems">
<h2>Problems</h2>
${open.length === 0 ? html`<p class="calm">None at present.</p>` : list(open.slice(0, SHOWN), now)}
${
  open.length > SHOWN &&
  html`<details id="more"><summary>${whole(open.length - SHOWN)} more</summary>${list(open.slice(SHOWN), now)}</details>`
}
${
  over.length > 0 &&
  html`<details id="resolved"><summary>Resolved lately (${whole(over.length)})</summary>${list(over, now)}</details>`
}
</section>`;
}

function group(all: readonly Problem[], names: ReadonlyMap<string, string>): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const problem of all) {
    const key = [problem.scope, problem.code, problem.fix].join('\n');
    const name = problem.scope === 'project' ? (names.get(problem.subject) ?? problem.subject) : problem.subject;
    const before = groups.get(key);
    groups.set(key, {
      latest: before === undefined || problem.lastAt > before.latest.lastAt ? problem : before.latest,
      subjects: [...(before?.subjects ?? []), name],
      count: (before?.count ?? 0) + problem.count,
      firstAt: before === undefined || problem.firstAt < before.firstAt ? problem.firstAt : before.firstAt,
    });
  }
  return [...groups.values()];
}

function list(groups: readonly Group[], now: string): Html {
  return html`<ul class="cards">${groups.map((entry) => item(entry, now))}</ul>`;
}

function item({ latest, subjects, count, firstAt }: Group, now: string): Html {
  const times = count === 1 ? 'once' : `${whole(count)} times since ${ago(firstAt, now)}`;
  return html`<li class="card problem ${latest.resolved ? 'over' : 'open'}">
<h3><span class="chip ${latest.resolved ? 'ok' : 'bad'}">${latest.resolved ? 'Resolved' : latest.code}</span> ${title(latest, subjects)}</h3>
<p class="message">${latest.message}</p>
<p class="fix"><b>Fix:</b> ${latest.fix}</p>
<p class="when">${times}, last <time datetime="${latest.lastAt}" title="${latest.lastAt}">${ago(latest.lastAt, now)}</time></p>
</li>`;
}

function title({ scope }: Problem, subjects: readonly string[]): Html {
  if (scope === 'state') return html`State`;
  if (scope === 'config') return html`Configuration`;
  const more = subjects.length > NAMED ? ` and ${whole(subjects.length - NAMED)} more` : '';
  const plural = subjects.length > 1 ? 's' : '';
  const named = subjects.slice(0, NAMED).map((name, i) => html`${i > 0 && ', '}<bdi>${clip(name)}</bdi>`);
  return html`<span>${scope === 'account' ? 'Account' : 'Project'}${plural} ${named}${more}</span>`;
}
