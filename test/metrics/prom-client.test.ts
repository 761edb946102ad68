/** Our renderer writes line for line what prom-client writes for the same samples. */
import * as fc from 'fast-check';
import { type Metric as Instrument, Registry, type RegistryContentType } from 'prom-client';
import { expect, test } from 'vitest';
import { classNames } from '../../src/domain/rules.ts';
import { CONTENT_TYPES, type Format } from '../../src/domain/serving.ts';
import type { ProjectView } from '../../src/domain/view.ts';
import { FAMILIES } from '../../src/metrics/families/families.ts';
import { Ownership } from '../../src/metrics/families/ownership.ts';
import type { Context, Family, Sample } from '../../src/metrics/families/sample.ts';
import { head, lines, projectLabels } from '../../src/metrics/render/lines.ts';
import { RULES } from '../builders/values.ts';
import { viewOf } from './arbitraries.ts';

const CONTEXT: Context = {
  accounting: RULES.accounting,
  classes: classNames(RULES),
  exemplars: true,
  fresh: true,
  isSameMonth: true,
  ownership: new Ownership({ budgets: [{ applies: () => true, perDay: 1.5, perMonth: 20 }], teams: [] }),
};

/** The names of the labels stand here a second time, on purpose. */
function labelsOf(family: Family, view: ProjectView, sample: Sample, format: Format): Record<string, string> {
  const own = family.metric.labels.map((name, i) => [name, sample.labels[i] as string]);
  const le = format === 'openmetrics' && !/[.I]/.test(sample.le ?? '.') ? `${sample.le}.0` : sample.le;
  return {
    project_id: view.project.id,
    project: Array.from(view.project.name).slice(0, 128).join(''),
    ...Object.fromEntries(own),
    ...(le === null ? {} : { le }),
  };
}

/** A sample as prom-client takes it; an exemplar whose label is too long is refused, as prom-client itself does on observing. */
function valueOf(family: Family, view: ProjectView, sample: Sample, format: Format): object {
  const { exemplar } = sample;
  const shown = exemplar !== null && `session_id${exemplar.sessionId}`.length <= 128;
  return {
    labels: labelsOf(family, view, sample, format),
    value: sample.value / 10 ** sample.scale,
    ...(sample.suffix === '' ? {} : { metricName: `${family.metric.name}${sample.suffix}` }),
    ...(shown
      ? {
          exemplar: {
            labelSet: { session_id: exemplar.sessionId },
            value: exemplar.value / 10 ** exemplar.scale,
            timestamp: exemplar.at / 1e6,
          },
        }
      : {}),
  };
}

async function byPromClient(view: ProjectView, format: Format): Promise<string[]> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(CONTENT_TYPES[format] as RegistryContentType);
  for (const family of FAMILIES) {
    const { name, help, type } = family.metric;
    const shown = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
    const values = family.samples(view, CONTEXT).map((sample) => valueOf(family, view, sample, format));
    const metric = { name, help, type, get: () => Promise.resolve({ name: shown, help, type, values }) };
    registry.registerMetric(metric as unknown as Instrument);
  }
  const text = await registry.metrics();
  return text.split('\n').filter((line) => line !== '' && line !== '# EOF');
}

function byUs(view: ProjectView, format: Format): string[] {
  const project = projectLabels(view.project);
  const text = FAMILIES.map(
    (family) => head(family.metric, format) + lines(family.metric, project, family.samples(view, CONTEXT), format),
  );
  return text
    .join('')
    .split('\n')
    .filter((line) => line !== '');
}

test.each(['text', 'openmetrics'] as const)('%s reads line by line as prom-client renders it', async (format) => {
  await fc.assert(
    fc.asyncProperty(viewOf('6b1b8a4e-0000-4000-8000-000000000001'), async (view) => {
      expect(byUs(view, format)).toEqual(await byPromClient(view, format));
    }),
    { numRuns: 60 },
  );
});
