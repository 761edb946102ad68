/** Answers one request of the API: the correct answer, changed by the faults that the request meets. Read this first in `api/`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Alteration, alter } from '../faults/alterations.ts';
import type { FaultContext } from '../faults/context.ts';
import { DateFault, fromCache, misdated, throughCache } from '../faults/dates.ts';
import { Delivery, deliver } from '../faults/deliveries.ts';
import { Interruption, interrupt } from '../faults/interruptions.ts';
import type { ActiveRule, Fault, Switchboard } from '../faults/switchboard.ts';
import { TRUE_VIEW, ViewFault, viewWith } from '../faults/views.ts';
import { httpDate } from '../world/clock.ts';
import { commandOf } from '../world/commands.ts';
import type { Micros } from '../world/types.ts';
import type { World } from '../world/world.ts';
import type { Answer } from './answers.ts';
import { measured, Refusal, refusalAnswer, send } from './answers.ts';
import type { Visit } from './chat.ts';
import { getSession, getSummary, listSessions } from './chat.ts';
import type { KeyRing } from './keys.ts';
import { getProject, listProjects, pageProjects } from './projects.ts';
import type { Call, Endpoint, Requests } from './requests.ts';

/** Everything needed to answer a request. */
export interface Service {
  readonly world: World;
  readonly faults: Switchboard;
  readonly requests: Requests;
  readonly keys: KeyRing;
  /** Compresses answers for clients that accept gzip. */
  readonly compress: boolean;
  readonly signal: AbortSignal;
}

const PRODUCE: Readonly<Record<Endpoint, (visit: Visit) => Answer>> = {
  list: listSessions,
  session: getSession,
  summary: getSummary,
  projects: listProjects,
  projects_v2: pageProjects,
  project: getProject,
};

type Met<F extends Fault> = { fault: F; context: FaultContext };

/** Answers one request of the API, with the faults that it meets. */
export async function serve(service: Service, call: Call, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { world, requests, signal } = service;
  const rules = service.faults.meet(call);
  requests.received(
    call,
    world.clock.now(),
    req.headers,
    rules.map((rule) => rule.fault.kind),
  );
  const met = rules.map((rule) => ({ fault: rule.fault, context: contextOf(service, call, rule) }));
  const answer = await answerOf(service, call, req, met);
  const body = measured(answer.body, (bytes) => requests.sent(call, bytes));
  const dated = withDate({ ...answer, body }, met, world.clock.now());
  requests.answeredWith(answer.status);
  res.sendDate = false;
  const delivery = met.map(({ fault }) => fault).find(isDelivery);
  if (delivery !== undefined) return deliver(res, dated, delivery, signal);
  const accepted = /\bgzip\b/.test(req.headers['accept-encoding'] ?? '');
  return send(res, dated, service.compress && accepted);
}

async function answerOf(
  service: Service,
  call: Call,
  req: IncomingMessage,
  met: readonly Met<Fault>[],
): Promise<Answer> {
  for (const { fault, context } of met) {
    let instead = isInterruption(fault) ? await interrupt(fault, context) : null;
    if (isDateFault(fault)) instead = fromCache(fault, context);
    if (instead !== null) return instead;
  }
  let answer = produced(service, call, req, met);
  for (const { fault, context } of met) {
    if (isAlteration(fault)) answer = await alter(fault, answer, context);
    if (isDateFault(fault)) answer = await throughCache(fault, answer, context);
  }
  return answer;
}

/** The answer with a `Date`: the world's, unless a fault says otherwise. */
function withDate(answer: Answer, met: readonly Met<Fault>[], now: Micros): Answer {
  let dated: Answer = { ...answer, headers: { date: httpDate(now), ...answer.headers } };
  for (const { fault } of met) if (isDateFault(fault)) dated = misdated(fault, dated, now);
  return dated;
}

function produced({ world, keys }: Service, call: Call, req: IncomingMessage, met: readonly Met<Fault>[]): Answer {
  let view = TRUE_VIEW;
  for (const { fault, context } of met) if (isViewFault(fault)) view = viewWith(fault, view, context);
  try {
    return PRODUCE[call.endpoint]({ world, call, scope: keys.scopeOf(req.headers.authorization), view });
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error);
    throw error;
  }
}

function contextOf({ world, signal }: Service, call: Call, rule: ActiveRule): FaultContext {
  return { call, world, signal, state: rule.state, command: commandOf(world) };
}

type Kinds = { readonly options: readonly { readonly shape: { readonly kind: { readonly value: string } } }[] };

function kindsOf(union: Kinds): ReadonlySet<string> {
  return new Set(union.options.map((option) => option.shape.kind.value));
}

const INTERRUPTIONS = kindsOf(Interruption);
const ALTERATIONS = kindsOf(Alteration);
const DATE_FAULTS = kindsOf(DateFault);
const DELIVERIES = kindsOf(Delivery);
const VIEW_FAULTS = kindsOf(ViewFault);

const isInterruption = (fault: Fault): fault is Interruption => INTERRUPTIONS.has(fault.kind);
const isAlteration = (fault: Fault): fault is Alteration => ALTERATIONS.has(fault.kind);
const isDateFault = (fault: Fault): fault is DateFault => DATE_FAULTS.has(fault.kind);
const isDelivery = (fault: Fault): fault is Delivery => DELIVERIES.has(fault.kind);
const isViewFault = (fault: Fault): fault is ViewFault => VIEW_FAULTS.has(fault.kind);
