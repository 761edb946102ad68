/** What families need to know beside a view: the rules, and what time alone has changed since the view was made. */
import { classNames, type Rules } from '../../domain/rules.ts';
import type { Micros } from '../../domain/time.ts';
import type { ProjectView } from '../../domain/view.ts';
import { Ownership } from '../families/ownership.ts';
import type { Context } from '../families/sample.ts';

/** The contexts of a set of rules. Two views of one context are rendered alike; another object means that something changed. */
export class Contexts {
  readonly #contexts: readonly Context[];

  constructor(rules: Rules) {
    const common = {
      accounting: rules.accounting,
      classes: classNames(rules),
      exemplars: rules.exemplars,
      ownership: new Ownership(rules),
    };
    this.#contexts = [false, true].flatMap((fresh) =>
      [false, true].map((isSameMonth) => ({ ...common, fresh, isSameMonth })),
    );
  }

  /** The context of a view at an instant of our clock. */
  at({ freshUntil, spent }: ProjectView, now: Micros): Context {
    const fresh = freshUntil !== null && now < freshUntil;
    const isSameMonth = now < spent.monthUntil;
    return this.#contexts[(fresh ? 2 : 0) + (isSameMonth ? 1 : 0)] as Context;
  }
}
