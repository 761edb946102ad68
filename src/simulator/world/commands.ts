/** Commands to the world, as `POST /_world` and faults give them. */
import { z } from 'zod';
import type { FaultContext } from '../faults/context.ts';
import { CAUSES } from '../workload/texts.ts';
import { withFigures } from './runs.ts';
import { sessionTruth } from './truth.ts';
import type { FailureCause, Micros, Outcome } from './types.ts';
import type { World } from './world.ts';

const project = z.string();
const session = z.string();
const ms = z.number();
/** The session's time as an offset from the world's clock, in milliseconds: negative for an older one. Left out: as usual. */
const when = { offset_ms: z.number().optional() };
const count = z.number().nullable().optional();

const Figures = z.strictObject({
  duration_ms: count,
  is_error: z.boolean().nullable().optional(),
  error: z.string().nullable().optional(),
  total_input_tokens: count,
  total_output_tokens: count,
  turns: count,
});

const cause = z
  .enum(CAUSES as readonly [FailureCause, ...FailureCause[]])
  .nullable()
  .default(null);
/** Figures not given are drawn. */
const outcome = { figures: Figures.prefault({}), cause };
const style = z.strictObject({
  form: z.enum(['null', 'empty', 'previous', 'partial']).exactOptional(),
  stamp: z.enum(['start', 'end', 'both']).exactOptional(),
});

/** A command. Sessions and projects are named by id. */
export const Command = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('add_project'), name: z.string(), id: z.string().optional() }),
  z.strictObject({ op: z.literal('remove_project'), project }),
  z.strictObject({ op: z.literal('restore_project'), project }),
  z.strictObject({ op: z.literal('rename_project'), project, name: z.string() }),
  z.strictObject({ op: z.literal('set_project_wire'), project, text: z.string().nullable() }),
  z.strictObject({ op: z.literal('set_order'), project, order: z.enum(['newest', 'oldest', 'id']) }),
  z.strictObject({ op: z.literal('freeze_list'), project, ms }),
  z.strictObject({ op: z.literal('catch_up'), project }),
  z.strictObject({ op: z.literal('add_session'), project, id: z.string().optional(), ...when }),
  z.strictObject({ op: z.literal('run'), session, ...outcome, ...when }),
  z.strictObject({ op: z.literal('start_run'), session, style: style.prefault({}), ...when }),
  z.strictObject({ op: z.literal('finish_run'), session, ...outcome, ...when }),
  z.strictObject({ op: z.literal('amend_run'), session, ...outcome, ...when }),
  z.strictObject({ op: z.literal('touch'), session, ...when }),
  z.strictObject({ op: z.literal('delete'), session }),
  z.strictObject({ op: z.literal('restore'), session }),
  z.strictObject({ op: z.literal('lag_session'), session, ms }),
  z.strictObject({ op: z.literal('show_metadata'), session, metadata: z.record(z.string(), z.unknown()).nullable() }),
  z.strictObject({ op: z.literal('set_wire'), session, text: z.string().nullable() }),
  z.strictObject({ op: z.literal('set_history_bytes'), session, bytes: z.int().min(0) }),
  z.strictObject({ op: z.literal('rest') }),
  z.strictObject({ op: z.literal('live') }),
  z.strictObject({ op: z.literal('skew_clock'), ms, stamps: z.enum(['forward', 'clock']).optional() }),
]);
type Command = z.output<typeof Command>;

type SessionCommand = Extract<Command, { session: string }>;
type ProjectCommand = Extract<Command, { project: string }>;

/**
 * Runs one command and returns the result: the truth of the session, the project's id and name, or the clock's time.
 * @throws ZodError if the command is malformed; Error if the world has no such session or project
 */
export function runCommand(world: World, input: unknown): unknown {
  const command = Command.parse(input);
  if (command.op === 'skew_clock') {
    world.clock.skew(command.ms);
    if (command.stamps !== undefined) world.stampsForward = command.stamps === 'forward';
    return { now: world.clock.now() };
  }
  if (command.op === 'rest' || command.op === 'live') {
    world.resting = command.op === 'rest';
    return { now: world.clock.now() };
  }
  if (command.op === 'add_project') {
    const { name, id } = command;
    return named(world, world.addProject(id === undefined ? { name } : { name, id }).id);
  }
  if ('session' in command) {
    onSession(world, command);
    return sessionTruth(world.session(command.session));
  }
  if (command.op === 'add_session') {
    const at = momentOf(world, command) ?? world.clock.now();
    const details = command.id === undefined ? { at } : { id: command.id, at };
    return sessionTruth(world.addSession(command.project, details));
  }
  onProject(world, command);
  return named(world, command.project);
}

/** The commands of one world, for faults. */
export function commandOf(world: World): FaultContext['command'] {
  return (input) => runCommand(world, input);
}

function onSession(world: World, command: SessionCommand): void {
  switch (command.op) {
    case 'run':
      world.runOnce(command.session, drawn(world, command), momentOf(world, command));
      return;
    case 'start_run':
      world.startRun(command.session, command.style, momentOf(world, command));
      return;
    case 'finish_run':
      world.finishRun(command.session, drawn(world, command), momentOf(world, command));
      return;
    case 'amend_run':
      return world.amendRun(command.session, amended(world, command), momentOf(world, command));
    case 'touch':
      return world.touch(command.session, momentOf(world, command));
    case 'delete':
      return world.delete(command.session);
    case 'restore':
      return world.restore(command.session);
    case 'lag_session':
      return world.lagSession(command.session, command.ms);
    case 'show_metadata':
      return world.showMetadata(command.session, command.metadata);
    case 'set_wire':
      return world.setWire(command.session, command.text);
    case 'set_history_bytes':
      world.session(command.session).historyBytes = command.bytes;
      return;
  }
}

function onProject(world: World, command: Exclude<ProjectCommand, { op: 'add_session' }>): void {
  switch (command.op) {
    case 'remove_project':
      return world.removeProject(command.project);
    case 'restore_project':
      return world.restoreProject(command.project);
    case 'rename_project':
      return world.renameProject(command.project, command.name);
    case 'set_project_wire':
      world.projects.known(command.project).wire = command.text;
      return;
    case 'set_order':
      return world.projects.known(command.project).replica.reorder(command.order);
    case 'catch_up':
      return world.catchUp(command.project);
    case 'freeze_list':
      return world.freezeList(command.project, command.ms);
  }
}

function drawn(world: World, given: { figures: z.output<typeof Figures>; cause: FailureCause | null }): Outcome {
  const some = Object.keys(given.figures).length > 0;
  const any = some ? { ...world.outcome(), cause: null } : world.outcome();
  const base = some ? withFigures(any, { is_error: false, error: null }) : any;
  return { ...withFigures(base, given.figures), cause: given.cause ?? base.cause };
}

/** The session's last run with the given figures in place of its own. */
function amended(
  world: World,
  given: { session: string; figures: z.output<typeof Figures>; cause: FailureCause | null },
): Outcome {
  const last = world.session(given.session).runs.at(-1);
  if (last === undefined) throw new Error(`Session ${given.session} has no run to amend.`);
  return { figures: withFigures(last, given.figures).figures, cause: given.cause ?? last.cause };
}

/** When the change happens, if the command says so. */
function momentOf(
  world: World,
  { offset_ms: offset }: { readonly offset_ms?: number | undefined },
): Micros | undefined {
  return offset === undefined ? undefined : world.clock.now() + Math.round(offset * 1000);
}

function named(world: World, id: string): { id: string; name: string } {
  return { id, name: world.projects.known(id).name };
}
