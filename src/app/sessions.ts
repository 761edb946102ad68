/** What the pages of projects and their lists of sessions need of the state and of the configuration. */
import { costNanoUsd, priceOf } from '../accounting/counters/prices.ts';
import type { Config } from '../config/types.ts';
import { budgetOf, classNames, teamOf } from '../domain/rules.ts';
import type { Store } from '../domain/store.ts';
import type { StatusRules } from '../status/detail.ts';
import type { ProjectRows, SessionListRules } from '../status/sessions/source.ts';

/**
 * The sessions of a project by its id, for one reader at a time: it looks the project up when it begins, as one that was forgotten and
 * returned has another number.
 */
export function sessionRows(store: Pick<Store, 'keyOf' | 'slice'>): ProjectRows {
  let current: { readonly id: string; readonly key: number } | null = null;
  return async (projectId, from, limit) => {
    if (from === 0 || current?.id !== projectId) {
      const key = await store.keyOf(projectId);
      if (key === null) return [];
      current = { id: projectId, key };
    }
    return store.slice(current.key, from, limit);
  };
}

export function sessionListRules({ rules, polling }: Config): SessionListRules {
  return {
    keptMs: polling.intervalMs,
    classes: classNames(rules),
    costOf: (project) => {
      const price = priceOf(project, rules);
      return ({ inputTokens, outputTokens }) => (price === null ? null : costNanoUsd(price, inputTokens, outputTokens));
    },
  };
}

export function statusRules({ rules }: Config): StatusRules {
  return { budgetOf: (project) => budgetOf(project, rules), teamOf: (project) => teamOf(project, rules) };
}
