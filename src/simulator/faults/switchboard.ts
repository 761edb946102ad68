import { z } from 'zod';
import type { Call } from '../calls.ts';
import { ENDPOINTS } from '../calls.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { Alteration } from './alterations.ts';
import type { RuleState } from './context.ts';
import { Delivery } from './deliveries.ts';
import { Interruption } from './interruptions.ts';
import { ViewFault } from './views.ts';

/** Which requests a fault meets. What is left out is not asked. */
export const Match = z.strictObject({
  endpoint: z.enum(ENDPOINTS).optional(),
  /** Prefix of the path. */
  path: z.string().optional(),
  /** Id or name of the project asked for. */
  project: z.string().optional(),
  session: z.string().optional(),
  /** Only requests with (true) or without (false) a page token. */
  token: z.boolean().optional(),
  /** Leaves the first so many of the matching requests alone. */
  after: z.int().min(0).default(0),
  /** Happens at most so many times; null: without end. */
  times: z.int().min(1).nullable().default(null),
  probability: z.number().min(0).max(1).default(1),
});
export type Match = z.output<typeof Match>;

export const Fault = z.union([Interruption, ViewFault, Alteration, Delivery]);
export type Fault = z.output<typeof Fault>;

export const Rule = z.strictObject({ match: Match.prefault({}), fault: Fault });
/** A rule as it is written: defaults may be left out. */
export type RuleInput = z.input<typeof Rule>;

/** A fault that is switched on. */
export interface ActiveRule extends z.output<typeof Rule> {
  readonly id: number;
  /** Matching requests so far, and how many of them met the fault. */
  seen: number;
  hits: number;
  readonly state: RuleState;
}

/** The faults that are switched on, in the order of their coming. */
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

  /** The faults that a request meets; each one met is counted. */
  meet(call: Call): ActiveRule[] {
    return this.#rules.filter((rule) => this.#matches(rule.match, call) && this.#strikes(rule));
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
      state: { snapshots, random: this.#random, bucket: null, nonce: 0 },
    };
  }

  #matches(match: Match, call: Call): boolean {
    const { endpoint, path, project, session, token } = match;
    if (endpoint !== undefined && endpoint !== call.endpoint) return false;
    if (path !== undefined && !call.path.startsWith(path)) return false;
    if (session !== undefined && session !== call.sessionId) return false;
    if (token !== undefined && token !== (call.pageToken !== null)) return false;
    return project === undefined || this.#isProject(project, call.projectId);
  }

  #isProject(wanted: string, id: string | null): boolean {
    return id !== null && (wanted === id || this.#world.projects.visible(id)?.name === wanted);
  }

  #strikes(rule: ActiveRule): boolean {
    const { after, times, probability } = rule.match;
    rule.seen += 1;
    if (rule.seen <= after || (times !== null && rule.hits >= times)) return false;
    if (probability < 1 && !this.#random.chance(probability)) return false;
    rule.hits += 1;
    return true;
  }
}
