/** A single round (`once`) over a shared state: waits until this process has all projects, and refuses to run beside other exporters. */
import { ExporterError } from '../../domain/errors.ts';
import type { Replicas } from '../../domain/replicas.ts';
import type { Clock } from '../../domain/time.ts';

/** Milliseconds: longer than the lease of a process that was killed. */
const WHOLE_WITHIN = 30_000;
const LOOK_AGAIN = 100;

/** Resolves once `hasAll` is true. Throws an ExporterError of code `startup` where other processes have the projects. */
export async function untilWhole(
  hasAll: () => boolean,
  replicas: Replicas,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const until = clock.elapsed() + WHOLE_WITHIN;
  for (;;) {
    const others = replicas.facts().members.filter(({ isSelf }) => !isSelf);
    if (others.length > 0) throw besideOthers(others.map(({ name }) => name));
    if (hasAll()) return;
    if (clock.elapsed() >= until) throw besideOthers([]);
    replicas.hurry();
    await clock.sleep(LOOK_AGAIN, signal);
  }
}

function besideOthers(names: readonly string[]): ExporterError {
  const who =
    names.length === 0 ? 'Another process has the projects' : `Other exporters poll them: ${names.join(', ')}`;
  return new ExporterError(
    'startup',
    `A single round needs all projects for itself. ${who}.`,
    'Read /metrics of one of them, or stop them first.',
  );
}
