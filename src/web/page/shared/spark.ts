/** A small chart of a project's last hour: one bar for every two minutes of runs, failed ones in front. */
import type { HourStatus } from '../../../domain/status.ts';
import { whole } from '../format.ts';
import { type Html, html } from '../html.ts';

/** Height of the chart and width of a bar with its gap, in units of the drawing. */
const HEIGHT = 16;
const STEP = 2;

/** Nothing but words where no run was counted. */
export function spark(hour: HourStatus | null): Html {
  if (hour === null) return html`<span class="left">no runs in the last hour</span>`;
  const most = hour.runsByStep.reduce((max, n) => Math.max(max, n), 1);
  const width = hour.runsByStep.length * STEP;
  return html`<svg class="spark" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="Last hour: ${words(hour)}"><title>Last hour: ${words(hour)}</title>${bars('ran', hour.runsByStep, most)}${hour.failed > 0 && bars('failed', hour.failedByStep, most)}</svg>`;
}

function words({ runs, failed }: HourStatus): string {
  return `${whole(runs)} ${runs === 1 ? 'run' : 'runs'}, ${whole(failed)} failed`;
}

/** Every bar that is not empty is at least one unit high, so that a single failed run is seen. */
function bars(kind: 'ran' | 'failed', steps: readonly number[], most: number): Html {
  const lines = steps.map((n, i) => {
    const height = Math.min(HEIGHT, Math.max(1, Math.round((n / most) * HEIGHT)));
    return n === 0 ? '' : `M${i * STEP + 1} ${HEIGHT}v-${height}`;
  });
  return html`<path class="${kind}" d="${lines.join('')}"/>`;
}
