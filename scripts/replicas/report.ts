/** What the replicas did, line by line. */
import { median } from '../../bench/run/statistics.ts';
import type { Takeover } from './acts.ts';
import type { Counted, Highest } from './counters.ts';
import type { Scraper } from './scraper.ts';
import type { Comparison } from './truth.ts';

export type Line = { readonly ok: boolean; readonly text: string };

/** Seconds until another member has the projects: a lease of 10 s and a heartbeat, or a heartbeat and the page in flight. */
const WITHIN: Readonly<Record<Takeover['how'], number>> = { kill: 12, freeze: 12, stop: 3 };
/** The owners are looked at so often, seconds. */
const LOOK = 0.2;
/** Faults are named up to so many. */
const NAMED = 10;

export function comparisonLines(when: string, { truth, counted, faults }: Comparison): Line[] {
  const sums = (Object.keys(truth) as (keyof Counted)[]).map((name) => ({
    ok: Math.abs(truth[name] - counted[name]) < 1e-6,
    text: `${when}: ${name} counted ${round(counted[name])}, truth ${round(truth[name])}`,
  }));
  return [...sums, ...faults.slice(0, NAMED).map((text) => ({ ok: false, text: `${when}: ${text}` }))];
}

export function takeoverLines(takeovers: readonly Takeover[]): Line[] {
  return (Object.keys(WITHIN) as Takeover['how'][]).map((how) => {
    const seconds = takeovers.filter((takeover) => takeover.how === how).map((takeover) => takeover.seconds);
    const worst = Math.max(0, ...seconds);
    return {
      ok: worst <= WITHIN[how] + LOOK,
      text: `take-over after ${how}: ${seconds.length} times, median ${median(seconds).toFixed(1)} s, at most ${worst.toFixed(1)} s (allowed ${WITHIN[how]} s)`,
    };
  });
}

export function stepLines({ faults }: Highest, { answers, gaps }: Scraper): Line[] {
  const steps = {
    ok: faults.length === 0,
    text: `counters that stepped back: ${faults.length}, in ${answers} scrapes (${gaps} gaps)`,
  };
  return [steps, ...faults.slice(0, NAMED).map((text) => ({ ok: false, text }))];
}

export function page(lines: readonly Line[]): string {
  return lines.map(({ ok, text }) => `${ok ? 'ok   ' : 'FAULT'} ${text}\n`).join('');
}

const round = (value: number): number => Number(value.toFixed(6));
