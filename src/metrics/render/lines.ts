/** Lines of the exposition: the head of a family, and its samples for one project. */
import type { Project } from '../../domain/project.ts';
import type { Format } from '../../domain/serving.ts';
import { type Metric, PROJECT_LABELS } from '../catalog.ts';
import { decimal } from '../families/decimal.ts';
import type { Sample, ScaledExemplar } from '../families/sample.ts';
import { characters, cutName, escapeHelp, escapeLabel } from './escape.ts';

/** OpenMetrics, "Exemplars": label names and values together, in characters. */
const EXEMPLAR_LENGTH = 128;
const EXEMPLAR_LABEL = 'session_id';

/** `# HELP` and `# TYPE`. In OpenMetrics the family of a counter has no `_total`, only its samples have. */
export function head(metric: Metric, format: Format): string {
  const counter = metric.type === 'counter' && format === 'openmetrics';
  const name = counter ? metric.name.replace(/_total$/, '') : metric.name;
  return `# HELP ${name} ${escapeHelp(metric.help, format)}\n# TYPE ${name} ${metric.type}\n`;
}

type Labelled = Pick<Project, 'id' | 'name'>;

const PROJECT_LABEL_VALUES: Readonly<Record<(typeof PROJECT_LABELS)[number], (project: Labelled) => string>> = {
  project_id: ({ id }) => id,
  project: ({ name }) => cutName(name),
};

/** The labels that every series of a project begins with, as text. */
export function projectLabels(project: Labelled): string {
  return PROJECT_LABELS.map((label) => `${label}="${escapeLabel(PROJECT_LABEL_VALUES[label](project))}"`).join(',');
}

/** The samples of one family and one project, a line each. `project` is what `projectLabels` answered. */
export function lines(metric: Metric, project: string, samples: readonly Sample[], format: Format): string {
  let text = '';
  for (const sample of samples) {
    text += `${metric.name}${sample.suffix}{${project}${labels(metric, sample, format)}} ${decimal(sample.value, sample.scale)}`;
    if (format === 'openmetrics' && sample.exemplar !== null) text += exemplar(sample.exemplar);
    text += '\n';
  }
  return text;
}

/** The samples of a family that is not about one project, a line each. */
export function ownLines(metric: Metric, samples: readonly Sample[], format: Format): string {
  return samples
    .map((sample) => {
      const own = labels(metric, sample, format).slice(1);
      const braced = own === '' ? '' : `{${own}}`;
      return `${metric.name}${sample.suffix}${braced} ${decimal(sample.value, sample.scale)}\n`;
    })
    .join('');
}

function labels(metric: Metric, sample: Sample, format: Format): string {
  let text = '';
  for (const [i, value] of sample.labels.entries()) text += `,${metric.labels[i]}="${escapeLabel(value)}"`;
  return sample.le === null ? text : `${text},le="${bound(sample.le, format)}"`;
}

/** OpenMetrics, "Canonical Numbers": whole bounds are written with one decimal place. */
function bound(le: string, format: Format): string {
  return format === 'openmetrics' && /^\d+$/.test(le) ? `${le}.0` : le;
}

function exemplar({ sessionId, value, scale, at }: ScaledExemplar): string {
  if (characters(sessionId) + EXEMPLAR_LABEL.length > EXEMPLAR_LENGTH) return '';
  return ` # {${EXEMPLAR_LABEL}="${escapeLabel(sessionId)}"} ${decimal(value, scale)} ${decimal(at, 6)}`;
}
