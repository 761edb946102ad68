/** Preloaded into the exporter: answers how long the event loop was held since it was last asked. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks; what is measured is the time beyond them. */
const RESOLUTION = 1;

const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
histogram.enable();
const ms = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION);

process.on('message', () => {
  process.send?.({ p50: ms(histogram.percentile(50)), p99: ms(histogram.percentile(99)), max: ms(histogram.max) });
  histogram.reset();
});
process.channel?.unref();
