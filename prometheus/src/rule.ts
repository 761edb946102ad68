/** What a rule file is made of. Rendered by yaml.ts; the expressions take metric names from the catalogue. */

export type Severity = 'critical' | 'warning' | 'info';

/** `record` is `level:metric:operations`, as Prometheus' guide for recording rules has it. */
export type RecordingRule = {
  readonly record: string;
  readonly expr: string;
  /** Why the rule is as it is; a comment above it in the file. Empty for none. */
  readonly comment: string;
};

export type AlertRule = {
  readonly alert: string;
  readonly expr: string;
  /** How long the condition must hold, as Prometheus writes durations. */
  readonly for: string;
  /** How long the alert stays after its condition has ended; for conditions that come and go where runs are rare. */
  readonly keepFiringFor?: string;
  readonly severity: Severity;
  /** One line without a full stop, for a list of alerts. */
  readonly summary: string;
  /** What is wrong, for whom, and what to do first, with the figures. */
  readonly description: string;
};

export type Rule = RecordingRule | AlertRule;

export type RuleGroup = {
  readonly name: string;
  /** What the group is about; a comment above it in the file. */
  readonly comment: string;
  /** Empty: the evaluation interval of the server. */
  readonly interval: string;
  readonly rules: readonly Rule[];
};

export type RuleFile = {
  /** Name of the file in prometheus/rules/. */
  readonly name: string;
  /** What a reader who has only this file must know. */
  readonly header: string;
  readonly groups: readonly RuleGroup[];
};

/** Takes a template's first and last line break and its common indentation away. */
export function promql(strings: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const text = String.raw(strings, ...values)
    .replace(/^\n/, '')
    .trimEnd();
  const indents = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const common = Math.min(...indents);
  return text
    .split('\n')
    .map((line) => line.slice(common))
    .join('\n');
}
