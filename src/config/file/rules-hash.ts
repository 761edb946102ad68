/**
 * What the replicas over one state must agree on: all that moves counters, polling and selection. Keys, proxies and TLS are not part of it,
 * so that a key can be replaced on one replica after the other.
 */
import { createHash } from 'node:crypto';
import type { AccountConfig } from '../types.ts';
import type { Sections } from './schema.ts';

/** A short hash, the same for the same rules however they were written. */
export function rulesHash(sections: Sections, accounts: readonly AccountConfig[]): string {
  const { polling, accounting, metrics, prices, budgets, teams, error_classes } = sections;
  const polled = accounts.map(({ name, baseUrl, organizationId, projectId, pageSize, maxPages }, i) => ({
    name,
    baseUrl,
    organizationId,
    projectId,
    pageSize,
    maxPages,
    projects: sections.accounts[i]?.projects ?? null,
  }));
  const rules = { polling, accounting, metrics, prices, budgets, teams, error_classes, accounts: polled };
  return createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 12);
}
