/** Decides which projects need attention, and why. */
import type { ProjectStatus } from '../../../domain/status.ts';
import { type Html, html } from '../html.ts';

/** Share of the runs of the last hour that failed from which on a project counts as failing: the alert on failed runs has the same. */
const FAILING_SHARE = 0.1;

/** The worst first. */
const ATTENTIONS = ['down', 'failing', 'waiting', 'ok'] as const;
export type Attention = (typeof ATTENTIONS)[number];

/** `down`: its last poll failed. `failing`: polled, but its runs fail. `waiting`: not polled yet. */
export function attentionOf({ up, lastHour }: ProjectStatus): Attention {
  if (up === false) return 'down';
  if (lastHour !== null && lastHour.failed >= FAILING_SHARE * lastHour.runs) {
    if (lastHour.failed > 0) return 'failing';
  }
  return up === null ? 'waiting' : 'ok';
}

/** Lower is worse. */
export function rankOf(project: ProjectStatus): number {
  return ATTENTIONS.indexOf(attentionOf(project));
}

/** Down or failing. */
export function needsLook(project: ProjectStatus): boolean {
  const attention = attentionOf(project);
  return attention === 'down' || attention === 'failing';
}

const CHIPS: Readonly<Record<Attention, readonly [tone: string, label: string]>> = {
  down: ['bad', 'Down'],
  failing: ['bad', 'Failing'],
  waiting: ['wait', 'Waiting'],
  ok: ['ok', 'OK'],
};

export function attentionChip(project: ProjectStatus): Html {
  const [tone, label] = CHIPS[attentionOf(project)];
  return html`<span class="chip ${tone}">${label}</span>`;
}
