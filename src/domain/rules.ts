/** The rules that turn a run into counts: buckets, error classes, prices. Made by `config/` from validated input. */
import type { Project } from './project.ts';

/** Seconds. */
export const DURATION_BUCKETS = [0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560] as const;
export const TOKEN_BUCKETS = [64, 256, 1024, 4096, 16384, 65536, 262144, 1048576] as const;
export const TURN_BUCKETS = [1, 2, 3, 5, 8, 13, 21, 34] as const;

export type ErrorClass = { readonly class: string; readonly pattern: RegExp };

/** USD per million tokens, for the projects it applies to. The first price that applies wins. */
export type Price = {
  readonly applies: (project: Pick<Project, 'id' | 'name'>) => boolean;
  readonly input: number;
  readonly output: number;
};

/** US dollars, above 0; null: none for this period. `perDay` is for any 24 hours, `perMonth` for a calendar month (UTC). */
export type Budget = { readonly perDay: number | null; readonly perMonth: number | null };

/** The first budget that applies to a project is its own. */
export type ProjectBudget = Budget & { readonly applies: (project: Pick<Project, 'id' | 'name'>) => boolean };

/** `glob`: as configured, for messages. */
export type FamilyGlob = { readonly glob: string; readonly matches: (family: string) => boolean };

/** The first team that applies to a project owns it. */
export type Team = { readonly applies: (project: Pick<Project, 'id' | 'name'>) => boolean; readonly team: string };

export type Rules = {
  /** `every_run`: histories add what the list hides; `last_run`: the list alone, a lower bound. */
  readonly accounting: 'last_run' | 'every_run';
  /** In order of precedence: configured ones, then the built-in ones. `unknown` is not among them. */
  readonly errorClasses: readonly ErrorClass[];
  readonly prices: readonly Price[];
  readonly budgets: readonly ProjectBudget[];
  /** Of all projects together; null: none. */
  readonly totalBudget: Budget | null;
  readonly teams: readonly Team[];
  /** Families of the projects that are left out: those whose name any of these matches. */
  readonly disabled: readonly FamilyGlob[];
  /** Upper bounds in seconds, ascending. */
  readonly durationBuckets: readonly number[];
  readonly exemplars: boolean;
  readonly indexes: boolean;
  readonly maxIndexes: number;
};

/** The class of a failed run without text. */
export const UNKNOWN_CLASS = 'unknown';
/** The class of a failed run whose text matches nothing else. */
export const OTHER_CLASS = 'other';

/** Built-in classes; the patterns meet the lower-cased text, the first match wins. */
export const BUILT_IN_CLASSES: readonly ErrorClass[] = [
  { class: 'rate_limited', pattern: /rate.?limit|too many requests|\b429\b|quota exceeded|overloaded/ },
  { class: 'timeout', pattern: /time.?out|timed out|deadline exceeded/ },
  {
    class: 'context_length',
    pattern: /context.?(length|window)|maximum context|too many tokens|prompt is too long|token limit/,
  },
  {
    class: 'authentication',
    pattern: /unauthori[sz]ed|forbidden|authentication|api.?key|permission denied|\b40[13]\b/,
  },
  {
    class: 'index_unavailable',
    pattern: /index.*(not found|unavailable|not ready|missing|does not exist)|retriev(er|al).*(failed|unavailable)/,
  },
  { class: 'cancelled', pattern: /cancel|abort/ },
  { class: 'content_filter', pattern: /content.?(filter|policy)|safety|moderation/ },
  { class: 'internal', pattern: /internal|unexpected|server error|\b50[0-9]\b|exception|traceback/ },
];

/** Every class that a project's counter shows at 0 from the start, in order of precedence. */
export function classNames(rules: Pick<Rules, 'errorClasses'>): readonly string[] {
  return [...new Set([...rules.errorClasses.map((c) => c.class), OTHER_CLASS, UNKNOWN_CLASS])];
}

/** True for a family, by its name, that is left out. */
export function isDisabled(family: string, { disabled }: Pick<Rules, 'disabled'>): boolean {
  return disabled.some(({ matches }) => matches(family));
}

/** The project's own budget; null: none is configured for it. */
export function budgetOf(project: Pick<Project, 'id' | 'name'>, rules: Pick<Rules, 'budgets'>): Budget | null {
  return rules.budgets.find((budget) => budget.applies(project)) ?? null;
}

/** The team that owns the project; empty where none is configured for it. */
export function teamOf(project: Pick<Project, 'id' | 'name'>, rules: Pick<Rules, 'teams'>): string {
  return rules.teams.find((team) => team.applies(project))?.team ?? '';
}
