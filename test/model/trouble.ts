/** The faults of the API that are on: those that pass, those that last, and what each keeps from being proven. */
import type { RuleInput, Switchboard } from '../../src/simulator/faults/switchboard.ts';
import type { Session } from '../../src/simulator/types.ts';
import type { OddHistory } from './faults.ts';
import type { Operation } from './operations.ts';
import { FORMS, type Setting } from './setting.ts';

/** `lists`: it alters or stops answers to polls; `page`: a page of lists, not the first; `sessions`: single sessions only; `dates`: no content. */
type Reach = 'lists' | 'page' | 'sessions' | 'dates';

export class Trouble {
  readonly #faults: Switchboard;
  readonly #form: Setting['form'];
  readonly #reach = new Map<number, Reach>();
  /** Sessions that the list shows malformed. */
  readonly malformed = new Set<string>();
  /** A fault of content was on at some time. */
  wasOn = false;

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
