/** Estimated cost of runs. Pure. */
import type { Project } from '../../domain/project.ts';
import type { Price, Rules } from '../../domain/rules.ts';

/** The first configured price that applies to the project; null: none does. */
export function priceOf(project: Pick<Project, 'id' | 'name'>, rules: Pick<Rules, 'prices'>): Price | null {
  return rules.prices.find((price) => price.applies(project)) ?? null;
}

/**
 * Cost in integer nano-US-dollars: tokens x USD per million tokens = micro-US-dollars, x 1000.
 * Integers, so that a sum over millions of runs carries no rounding noise.
 */
export function costNanoUsd(price: Price, inputTokens: number | null, outputTokens: number | null): number {
  return Math.round(((inputTokens ?? 0) * price.input + (outputTokens ?? 0) * price.output) * 1000);
}
