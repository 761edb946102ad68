/** The faults of the API that are on: those that pass, those that last, and what each keeps from being proven. */
import type { RuleInput, Switchboard } from '../../src/simulator/faults/switchboard.ts';
import type { Session } from '../../src/simulator/world/types.ts';
import type { OddHistory } from './faults.ts';
import type { Model } from './model.ts';
import type { Operation } from './operations.ts';
import { FORMS, type Setting } from './setting.ts';

/** `lists`: it alters or stops answers to polls; `page`: a page of lists, not the first; `sessions`: single sessions only; `dates`: no content. */
type Reach = 'lists' | 'page' | 'sessions' | 'dates';

export class ActiveFaults {
  readonly #faults: Switchboard;
  readonly #form: Setting['form'];
  readonly #reach = new Map<number, Reach>();
  /** Sessions that the list shows malformed. */
  readonly malformed = new Set<string>();
  /** A fault of content was on at some time. */
  wasOn = false;
  /** One that lists met was. */
  wasOnLists = false;

  constructor(faults: Switchboard, form: Setting['form']) {
    this.#faults = faults;
    this.#form = form;
    this.#reform();
  }

  /** The requests so far that met a fault of a reach. */
  hits(...reach: readonly Reach[]): number {
    const rules = this.#faults.list().filter(({ id }) => reach.includes(this.#reach.get(id) ?? 'lists'));
    return rules.reduce((sum, rule) => sum + rule.hits, 0);
  }

  get hasDates(): boolean {
    return this.#faults.list().some(({ id }) => this.#reach.get(id) === 'dates');
  }

  passing({ fault, times, after }: Extract<Operation, { op: 'fault' }>): void {
    this.wasOn = true;
    this.wasOnLists = true;
    this.#add('lists', { match: { times, after }, fault });
  }

  unreadable(session: Session, fault: RuleInput['fault']): void {
    this.wasOn = true;
    this.#add('sessions', { match: { endpoint: 'session', session: session.id }, fault });
  }

  odd(session: Session, { fault }: OddHistory): void {
    this.wasOn = true;
    this.#add('sessions', { match: { endpoint: 'session', session: session.id }, fault });
  }

  malform(session: Session, form: Extract<Operation, { op: 'malformed' }>['form']): void {
    this.wasOn = true;
    this.malformed.add(session.id);
    this.#add('sessions', { match: {}, fault: { kind: 'malformed', ids: [session.id], form } });
  }

  page({ page, status }: Extract<Operation, { op: 'page' }>): void {
    this.wasOn = true;
    this.#add(page === 1 ? 'lists' : 'page', { match: { endpoint: 'list', page }, fault: { kind: 'status', status } });
  }

  dates(rule: RuleInput): void {
    this.#add('dates', rule);
  }

  /** All faults end; how histories tell runs stays. */
  heal(): void {
    this.#faults.clear();
    this.#reach.clear();
    this.malformed.clear();
    this.#reform();
  }

  #reform(): void {
    const fault = FORMS[this.#form];
    if (fault !== null) this.#add('sessions', { match: { endpoint: 'session' }, fault });
  }

  #add(reach: Reach, rule: RuleInput): void {
    for (const { id } of this.#faults.add(rule)) this.#reach.set(id, reach);
  }
}

/** Our clock is wrong by more than is tolerated: then lies of the API about time are not told apart from the truth. */
export const TOLERATED_MINUTES = 1;

/** Switches a fault on, and tells the oracle what it may do. */
export function begin(
  operation: Extract<Operation, { op: 'fault' | 'unreadable' | 'odd' | 'malformed' | 'page' | 'date' }>,
  { activeFaults, happenings, oracle, clock }: Model,
): void {
  if (operation.op === 'page') return activeFaults.page(operation);
  if (operation.op === 'date') {
    if (Math.abs(clock.skewMs) <= TOLERATED_MINUTES * 60_000) activeFaults.dates(operation.rule);
    return;
  }
  if (operation.op === 'fault') {
    if (operation.fault.kind === 'stale_read' || operation.fault.kind === 'cached') happenings.allMayLag(null);
    return activeFaults.passing(operation);
  }
  const session = happenings.pick(operation.session);
  if (session === null) return;
  if (operation.op === 'unreadable') return activeFaults.unreadable(session, operation.fault);
  if (operation.op === 'malformed') {
    oracle.mayLag(session);
    return activeFaults.malform(session, operation.form);
  }
  oracle.harmed(session, operation.odd.harm);
  activeFaults.odd(session, operation.odd);
}
