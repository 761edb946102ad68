/** Makes the versions of a session: what a list shows of it after each change. */
import { metadataInProgress, metadataOf } from './runs.ts';
import type { FinishedRun, Metadata, Micros, RunInProgress, Session, Version } from './types.ts';

/** A session with finished runs; never run if `runs` is empty. */
export function newSession(
  details: { id: string; projectId: string; title: string | null; indexIds: readonly string[] | null; at: Micros },
  runs: readonly FinishedRun[],
): Session {
  const { at, ...own } = details;
  const last = runs.at(-1);
  const session: Session = {
    ...own,
    createdAt: at,
    runs: [...runs],
    stamps: runs.map((run) => run.finishedAt),
    running: null,
    current: null,
    previous: null,
    shown: null,
    wire: null,
    historyBytes: 0,
  };
  const metadata = last === undefined ? null : metadataOf(last.figures);
  session.current = version(session, last?.finishedAt ?? at, metadata, null);
  return session;
}

/** The session with a run begun. */
export function begun(session: Session, from: Version, run: RunInProgress, at: Micros): Version {
  const updatedAt = run.stamp === 'end' ? from.updatedAt : at;
  return version(session, updatedAt, metadataInProgress(run, from.metadata), run);
}

/** The session with its last finished run shown; the time moves unless `at` is null. */
export function ended(session: Session, from: Version, at: Micros | null): Version {
  const last = session.runs.at(-1);
  return version(session, at ?? from.updatedAt, last === undefined ? null : metadataOf(last.figures), null);
}

/** The session as it was shown just after this many of its runs had ended. */
export function versionAfter(session: Session, finished: number): Version {
  const last = session.runs[finished - 1];
  const updatedAt = session.stamps[finished - 1] ?? session.createdAt;
  const metadata = last === undefined ? null : metadataOf(last.figures);
  return { session, id: session.id, updatedAt, metadata, finished, running: null };
}

/** The session updated, with the given metadata. */
export function touched(session: Session, from: Version, metadata: Metadata | null, at: Micros): Version {
  return version(session, at, metadata, from.running);
}

function version(
  session: Session,
  updatedAt: Micros,
  metadata: Metadata | null,
  running: RunInProgress | null,
): Version {
  return { session, id: session.id, updatedAt, metadata, finished: session.runs.length, running };
}
