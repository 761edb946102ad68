/** What a scrape says, read by a regular expression and nothing of the exporter's. */
import type { Happened } from './living-world.ts';

const COUNTER = /^(llamacloud_chat_\w+?(?:_total|_bucket|_count|_sum)\{[^}]*\}) (\S+)$/gm;

export async function scrape(url: string): Promise<string> {
  return await (await fetch(`${url}/metrics`)).text();
}

/** Series that never step back, by name and labels. */
export function counters(text: string): ReadonlyMap<string, number> {
  return new Map([...text.matchAll(COUNTER)].map(([, series = '', value]) => [series, Number(value)]));
}

const OF_PROJECTS = /^(llamacloud_\w+?(?:_total|_bucket|_count|_sum)\{project_id=[^}]*\}) (\S+)$/gm;

/** Series of projects, those about polls too, that are lower in the second text than in the first. */
export function steppedBack(before: string, after: string): readonly string[] {
  const known = new Map([...before.matchAll(OF_PROJECTS)].map(([, series = '', value]) => [series, Number(value)]));
  const now = [...after.matchAll(OF_PROJECTS)].map(([, series = '', value]) => [series, Number(value)] as const);
  return now.flatMap(([series, value]) =>
    value < (known.get(series) ?? 0) ? [`${series} ${value}, was ${known.get(series)}`] : [],
  );
}

/** Counters of one project; null where it is not shown. */
export function counted(text: string, projectId: string): Happened | null {
  const sum = (name: string): number => {
    const lines = text.matchAll(new RegExp(`^${name}\\{project_id="${projectId}"[^}]*\\} (\\S+)$`, 'gm'));
    return [...lines].reduce((total, [, value]) => total + Number(value), 0);
  };
  if (!text.includes(`llamacloud_chat_runs_total{project_id="${projectId}"`)) return null;
  return {
    runs: sum('llamacloud_chat_runs_total'),
    errors: sum('llamacloud_chat_run_errors_total'),
    inputTokens: sum('llamacloud_chat_input_tokens_total'),
    outputTokens: sum('llamacloud_chat_output_tokens_total'),
    turns: sum('llamacloud_chat_turns_total'),
  };
}

/**
 * All projects have been read whole twice, so that a session that they have not seen is known to be new; and the histories of those
 * that had never run were read, so that their first runs are known to be new too (docs/accounting.md, H2 and H3).
 */
export function allKnown(text: string, projects = 3): boolean {
  const sweeps = text.matchAll(/^llamacloud_exporter_polls_total\{.*kind="full",outcome="success"\} (\d+)$/gm);
  const verified = text.matchAll(/^llamacloud_exporter_unverified_sessions\{.*\} 0$/gm);
  return [...sweeps].filter(([, count]) => Number(count) >= 2).length === projects && [...verified].length === projects;
}
