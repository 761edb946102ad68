/** One LlamaCloud source per configured account. */
import type { AccountConfig, Config } from '../config/types.ts';
import type { Logger } from '../domain/logger.ts';
import { type Observer, SILENT } from '../domain/observer.ts';
import type { Clock } from '../domain/time.ts';
import { createMemory, createSource, type LlamaCloudSource, type Memory } from '../llamacloud/index.ts';
import type { AccountPlan } from '../poller/context.ts';

export type SourceParts = { readonly logger: Logger; readonly clock: Clock };

/** A source that the caller has to close. */
export type OpenSource = { readonly source: LlamaCloudSource; readonly close: () => Promise<void> };

/** The sources alone, for `check`. In the order of the accounts. */
export function createSources(config: Config, parts: SourceParts): readonly OpenSource[] {
  return config.accounts.map((account) => {
    const source = open(account, parts, SILENT, createMemory(parts.clock));
    return { source, close: () => source.close() };
  });
}

/** An account's plan for the poller, with its source. */
export type OpenPlan = { readonly plan: AccountPlan; readonly close: () => Promise<void> };

/** What the sources of earlier configurations have learned, by account and base URL. Filled here; kept by whoever reloads. */
export type Memories = Map<string, Memory>;

export function createPlans(
  config: Config,
  parts: SourceParts,
  observer: Observer,
  memories: Memories,
): readonly OpenPlan[] {
  return config.accounts.map((account) => {
    observer.accountKnown(account.name, account.baseUrl);
    const source = open(account, parts, observer, memoryOf(account, memories, parts.clock));
    const { maxPages, concurrency, historyMegabytesPerMinute } = account;
    const plan = { source, selects: selectionOf(account), maxPages, concurrency, historyMegabytesPerMinute };
    return { plan, close: () => source.close() };
  });
}

/** An account of one project deselects all others, those that the state knows too. */
function selectionOf({ projectId, selects }: AccountConfig): AccountPlan['selects'] {
  if (projectId === null) return selects;
  return (project) => project.id.toLowerCase() === projectId.toLowerCase() && selects(project);
}

function memoryOf({ name, baseUrl }: AccountConfig, memories: Memories, clock: Clock): Memory {
  const key = `${name} ${baseUrl}`;
  const memory = memories.get(key) ?? createMemory(clock);
  memories.set(key, memory);
  return memory;
}

function open(
  account: AccountConfig,
  { logger, clock }: SourceParts,
  observer: Observer,
  memory: Memory,
): LlamaCloudSource {
  return createSource(account, { logger, clock, observer }, memory);
}
