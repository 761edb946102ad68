/** Renders collected values with prom-client, after correcting what it renders wrongly. */

type Value = {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly metricName?: string;
};

/** A family as `Registry.getMetricsAsJSON` answers it. */
export type Values = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly values: readonly Value[];
};

/** Absent is absent: prom-client shows statistics over nothing (of the event loop, just after a collection) as NaN. */
export function withoutNaN(family: Values): Values {
  return { ...family, values: family.values.filter(({ value }) => !Number.isNaN(value)) };
}

/** Counter families have no `_total`, which prom-client adds to their samples; whole bounds have one decimal place. */
export function openMetricsForm(family: Values): Values {
  if (family.type === 'counter') return { ...family, name: family.name.replace(/_total$/, '') };
  return family.type === 'histogram' ? { ...family, values: family.values.map(canonicalBound) } : family;
}

function canonicalBound(value: Value): Value {
  const { le } = value.labels;
  return typeof le === 'number' && Number.isInteger(le)
    ? { ...value, labels: { ...value.labels, le: `${le}.0` } }
    : value;
}
