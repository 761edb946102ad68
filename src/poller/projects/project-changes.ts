/** Compares a discovery with the known projects: which joined, changed or left (docs/accounting.md, L2, L6 and L8). Pure. */
import { beginTotals, epochOf } from '../../accounting/begin.ts';
import { RETENTION } from '../../accounting/context.ts';
import { ExporterError } from '../../domain/errors.ts';
import type { PolledProject, Project } from '../../domain/project.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Discovery } from '../../domain/source.ts';
import type { Admission, StoredProject } from '../../domain/store.ts';
import type { Micros } from '../../domain/time.ts';

/** Successive successful discoveries without a project, after which it has left. */
const ABSENCES_TO_LEAVE = 2;

/** What the poller knows when a discovery arrives. */
export type Known = {
  readonly account: string;
  /** Projects of this account that are polled now. */
  readonly present: readonly StoredProject[];
  /** Server time of the account's previous successful discovery; null: none. */
  readonly previous: Micros | null;
  readonly rules: Rules;
};

/** Projects to store, in the order: discovered ones, then absent ones. */
export type ProjectChanges = { readonly found: readonly Admission[]; readonly absent: readonly Admission[] };

/** Throws an ExporterError of code `malformed` when no project is left of several: that is a fault, not news. */
export function compareProjects(discovery: Discovery, selected: readonly Project[], known: Known): ProjectChanges {
  if (discovery.projects.length === 0 && known.present.length > 0) {
    throw new ExporterError(
      'malformed',
      `Discovery returned no project, where there were ${known.present.length}`,
      'Check that the key still sees the organization; what is known is kept until a discovery returns projects again.',
    );
  }
  const ids = new Set([...selected.map((project) => project.id), ...discovery.unreadable]);
  const missing = known.present.filter((stored) => !ids.has(stored.project.id));
  return {
    found: selected.map((project) => admit({ ...project, account: known.account }, discovery.serverTime, known)),
    absent: missing.map((stored) => miss(stored, discovery.serverTime)),
  };
}

/** Epoch and totals are for a project that the state does not know, or no longer. */
function admit(project: PolledProject, now: Micros, known: Known): Admission {
  const epoch = epochOf(project, now, known.previous);
  return { project, epoch, absences: 0, leftAt: null, totals: beginTotals(project, known.rules) };
}

function miss(stored: StoredProject, now: Micros): Admission {
  const absences = stored.absences + 1;
  return { ...stored, absences, leftAt: absences >= ABSENCES_TO_LEAVE ? now : null };
}

/** A project that is no longer selected, or whose account is no longer configured: it leaves at once. */
export function dismiss(stored: StoredProject, now: Micros): Admission {
  return { ...stored, leftAt: now };
}

/** Rows, tombstones and departed projects from before this instant may be removed. */
export function forgottenBefore(now: Micros): Micros {
  return now - RETENTION;
}
