/** The results as one page for people, or as JSON. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { holds, type Result } from './figures/figure.ts';

/** The machine and the run, as text. */
export type Run = { readonly machine: string; readonly node: string; readonly seconds: number };

export function describeRun(startedAt: number): Run {
  const memory = `${Math.round(totalmem() / 1e9)} GB`;
  return {
    machine: `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${memory} of memory, ${process.platform}`,
    node: process.version,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  };
}

/** Three or four digits, thousands marked. */
function number(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}

function verdict(result: Result): string {
  const held = holds(result);
  if (held === null) return '      ';
  return held ? 'holds ' : 'SHORT ';
}

function target({ target: wanted, judged, judgedUnit }: Result): string {
  const reached = `${number(judged)} ${judgedUnit}`;
  return wanted === null ? reached : `${reached}, wanted ${wanted.is} ${number(wanted.value)} ${judgedUnit}`;
}

function lines(result: Result): string[] {
  const { name, measured, unit, floor, floorName, note } = result;
  const beside = floor === null ? '' : ` | ${number(floor)} ${unit}: ${floorName}`;
  return [
    `${verdict(result)} ${name}: ${target(result)}`,
    `         ${number(measured)} ${unit}${beside}`,
    ...(note === '' ? [] : [`         ${note}`]),
  ];
}

export function page(results: readonly Result[], run: Run): string {
  const judged = results.filter((result) => holds(result) !== null);
  const held = judged.filter((result) => holds(result));
  const end = `${held.length} of ${judged.length} targets hold. ${run.machine}, Node ${run.node}, ${run.seconds} s.`;
  return `${[...results.flatMap(lines), end].join('\n')}\n`;
}

export function json(results: readonly Result[], run: Run): string {
  return `${JSON.stringify({ ...run, results: results.map((result) => ({ ...result, holds: holds(result) })) }, null, 2)}\n`;
}
