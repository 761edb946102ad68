/** The port `Replicas` on PostgreSQL: heartbeats keep the lease, and a turn follows each. */
import { ExporterError } from '../../../domain/errors.ts';
import type { Logger } from '../../../domain/logger.ts';
import type { Claimed, MemberFacts, Owned, Replicas, Turn, Wanted } from '../../../domain/replicas.ts';
import type { Clock, Micros } from '../../../domain/time.ts';
import { WrongServerError } from '../failover/server.ts';
import { beat, giveBack, type Self } from './beat.ts';
import type { Client } from './database.ts';
import type { Deadline } from './deadline.ts';
import type { DiscoveryLease } from './discovery-lease.ts';
import type { Holdings } from './holdings.ts';
import type { MemberTurns } from './member-turns.ts';
import type { Tuning } from './tuning.ts';

export type ReplicasParts = {
  readonly lease: Client;
  readonly deadline: Deadline;
  readonly discoveryLease: DiscoveryLease;
  readonly holdings: Holdings;
  readonly turns: MemberTurns;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly self: () => Self;
  readonly tuning: Tuning;
  readonly facts: () => MemberFacts;
  /** The process cannot continue. */
  readonly fatal: (error: ExporterError) => void;
};

type OnTurn = (turn: Turn) => Promise<void>;

/** However often it is hurried, a heartbeat comes no sooner after the last one, milliseconds. */
const SHORTEST_MS = 50;

/** Of a member that is about to end. */
const NO_RULES = '';

export class PostgresReplicas implements Replicas {
  readonly #parts: ReplicasParts;
  #turn: Promise<void> | null = null;
  #isRushed = false;
  #isLeaving = false;
  #wake: () => void = () => {};
  #isFailing = false;
  /** Whether the server that takes the heartbeats has turned out to be the one that the state is read from. */
  #isTrusted = false;

  constructor(parts: ReplicasParts) {
    this.#parts = parts;
  }

  isAlive(): boolean {
    return this.#isTrusted && this.#parts.deadline.leftMs() > 0;
  }

  async run(signal: AbortSignal, onTurn: OnTurn): Promise<void> {
    const { clock, tuning, turns } = this.#parts;
    this.#isLeaving = false;
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake);
    while (!signal.aborted) {
      const began = clock.elapsed();
      await this.#beat(onTurn);
      const until = Math.min(began + tuning.beatMs, clock.elapsed() + turns.nextLeaseEndMs());
      await this.#rest(until, began + SHORTEST_MS, signal);
    }
    signal.removeEventListener('abort', wake);
    await this.#end(); // a turn that is under way can claim nothing afterwards: nobody may be kept waiting by it
    await this.#turn;
  }

  hurry(): void {
    this.#isRushed = true;
    this.#wake();
  }

  leave(): void {
    this.#isLeaving = true;
    this.hurry();
  }

  yieldDiscovery(): void {
    this.#parts.turns.yieldDiscovery();
    this.hurry();
  }

  claim(wanted: readonly Wanted[]): Promise<readonly Claimed[]> {
    return this.#parts.holdings.claim(wanted);
  }

  release(owned: readonly Owned[]): Promise<void> {
    return this.#parts.holdings.release(owned);
  }

  facts(): MemberFacts {
    return this.#parts.facts();
  }

  /** Never rejects. The turn that follows is not waited for: the lease has to be kept meanwhile. */
  async #beat(onTurn: OnTurn): Promise<void> {
    const { lease, deadline, holdings, tuning } = this.#parts;
    this.#giveUpIfLate();
    const sent = deadline.moment();
    try {
      const { isUnbroken, stoodSince } = await beat(lease, this.#self(), tuning.lease);
      if (!isUnbroken) holdings.loseAll('deadline');
      deadline.renew(sent);
      if (!this.#isLeaving) this.#begin(() => this.#follow(stoodSince, onTurn));
    } catch (error) {
      this.#failed(error);
      this.#giveUpIfLate();
      if (!this.isAlive()) this.#begin(() => onTurn(this.#parts.turns.withoutDatabase()));
    }
  }

  /** Under other rules than those in force a member is in no other member's plans. */
  #self(): Self {
    const self = this.#parts.self();
    return this.#isLeaving ? { ...self, rules: NO_RULES } : self;
  }

  async #follow(stoodSince: Micros, onTurn: OnTurn): Promise<void> {
    const turn = await this.#parts.turns.next(stoodSince);
    this.#isTrusted = true;
    this.#succeeded();
    await onTurn(turn);
  }

  /** A turn that lasts longer than a beat skips the next ones. */
  #begin(work: () => Promise<void>): void {
    if (this.#turn !== null) return;
    this.#turn = work()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#turn = null;
      });
  }

  #giveUpIfLate(): void {
    if (this.isAlive()) return;
    this.#parts.holdings.loseAll('deadline');
    this.#parts.discoveryLease.lose();
  }

  #failed(error: unknown): void {
    const { logger, fatal } = this.#parts;
    if (error instanceof WrongServerError) {
      this.#isTrusted = false;
      this.#giveUpIfLate();
    }
    if (error instanceof ExporterError && error.code === 'startup') fatal(error);
    if (!this.#isFailing) logger.warn('A heartbeat of this replica has failed; it is retried', { error });
    this.#isFailing = true;
  }

  #succeeded(): void {
    if (this.#isFailing) this.#parts.logger.info('Heartbeats of this replica succeed again');
    this.#isFailing = false;
  }

  /** Until `until`, or `earliest` if it is hurried (`Clock.elapsed`). */
  async #rest(until: number, earliest: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const end = new AbortController();
    this.#wake = () => end.abort();
    if (this.#isRushed || signal.aborted) end.abort();
    await clock.sleep(Math.max(0, until - clock.elapsed()), end.signal).catch(() => undefined);
    this.#wake = () => {};
    this.#isRushed = false;
    if (!signal.aborted) await clock.sleep(Math.max(0, earliest - clock.elapsed()), signal).catch(() => undefined);
  }

  /** Where this fails, the lease ends by itself. */
  async #end(): Promise<void> {
    const { lease, deadline, holdings, discoveryLease, self, logger } = this.#parts;
    deadline.end();
    discoveryLease.lose();
    holdings.loseAll('deadline');
    try {
      await giveBack(lease, self().id);
    } catch (error) {
      logger.debug('The lease could not be given back; it ends by itself', { error });
    }
  }
}
