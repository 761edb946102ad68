/** The faults that are switched on, and which of them affect a request. Read this first in `faults/`. */
import { z } from 'zod';
import type { Call } from '../api/requests.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';
import { Alteration } from './alterations.ts';
import type { RuleState } from './context.ts';
import { DateFault } from './dates.ts';
import { Delivery } from './deliveries.ts';
import { Interruption } from './interruptions.ts';
import { Match, matches } from './match.ts';
import { ViewFault } from './views.ts';

export const Fault = z.union([Interruption, ViewFault, Alteration, DateFault, Delivery]);
export type Fault = z.output<typeof Fault>;

export const Rule = z.strictObject({ match: Match.prefault({}), fault: Fault });
/** A rule as tests and `POST /_faults` write it: defaults may be left out. */
export type RuleInput = z.input<typeof Rule>;

/** A fault that is switched on. */
export interface ActiveRule extends z.output<typeof Rule> {
  readonly id: number;
  /** Matching requests so far, and how many of them met the fault. */
  seen: number;
  hits: number;
  readonly state: RuleState;
}

/** The faults that are switched on, oldest first. */
export class Switchboard {
  readonly #world: World;
  readonly #random: Random;
  #rules: ActiveRule[] = [];
  #lastId = 0;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random.fork('faults');
  }

  /**
   * Switches faults on, after those that are on already.
   * @throws ZodError when a rule is not of the form
   */
  add(...rules: readonly RuleInput[]): ActiveRule[] {
    const added = rules.map((rule) => this.#activate(Rule.parse(rule)));
    this.#rules.push(...added);
    return added;
  }

  /** Switches one fault off, or all. */
  clear(id?: number): void {
    this.#rules = id === undefined ? [] : this.#rules.filter((rule) => rule.id !== id);
  }

  list(): readonly ActiveRule[] {
    return this.#rules;
  }

  /** The faults that affect a request; each is counted. */
  meet(call: Call): ActiveRule[] {
    return this.#rules.filter((rule) => matches(rule.match, call, this.#world) && this.#applies(rule));
  }

  #activate(rule: z.output<typeof Rule>): ActiveRule {
    this.#lastId += 1;
    const projects = rule.fault.kind === 'stale_read' ? this.#world.projects.all() : [];
    const snapshots = new Map(projects.map((project) => [project.id, project.replica.snapshot()]));
    return {
      ...rule,
      id: this.#lastId,
      seen: 0,
      hits: 0,
      state: { snapshots, random: this.#random, cache: new Map(), bucket: null, nonce: 0 },
    };
  }

  #applies(rule: ActiveRule): boolean {
    const { after, every, times, probability } = rule.match;
    rule.seen += 1;
    if (rule.seen <= after || (times !== null && rule.hits >= times)) return false;
    if ((rule.seen - after) % every !== 0) return false;
    if (probability < 1 && !this.#random.chance(probability)) return false;
    rule.hits += 1;
    return true;
  }
}
