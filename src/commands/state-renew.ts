/** `state renew`: makes a restored database the state of the exporter again. */
import { ExporterError } from '../domain/errors.ts';
import { type Command, prepare, sayWarnings } from './invocation.ts';
import { releaseSignals } from './process/signals.ts';

/** A signal ends it at once: each project is renewed in one statement, and the command can be run again. */
export const stateRenew: Command = async (run) => {
  releaseSignals();
  const { config, deps } = await prepare(run);
  sayWarnings(config, deps.logger);
  if (!/^postgres(?:ql)?:/.test(config.state.url)) {
    throw new ExporterError(
      'startup',
      `state renew is for a state on PostgreSQL, and state.url is ${config.state.shown}.`,
      'A restored SQLite file cannot be renewed: delete it, and counters start at 0.',
    );
  }
  const keep = run.flags.keep === true;
  const { renewState } = await run.parts.app();
  const { location, projects } = await renewState(config, deps, keep);
  const done = keep
    ? 'The state belongs to this PostgreSQL cluster from now on; counters continue.'
    : `Counters of ${projects} ${projects === 1 ? 'project' : 'projects'} start at 0; what is recorded is the baseline.`;
  process.stdout.write(`${location}\n${done}\n`);
  return 0;
};
