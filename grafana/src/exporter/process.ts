/** The process of the exporter. */
import { PROCESS } from '../../../src/metrics/catalog.ts';
import { limited, lines } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { color } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { max, ofExporter, rate, sum } from '../promql.ts';
import { series } from '../queries.ts';

function memory() {
  const panel = lines(
    'Memory',
    'Resident memory of the process and the used part of the JavaScript heap. The dashed lines stand at 300 and 400 MB.',
    'bytes',
  );
  return limited(panel, LIMITS.memory)
    .withTarget(series(max(ofExporter(PROCESS.residentMemory)), 'Resident'))
    .withTarget(series(max(ofExporter(PROCESS.heapUsed)), 'Heap'))
    .overrideByName('Resident', [color(COLOR.input)])
    .overrideByName('Heap', [color(COLOR.p50)]);
}

function cpu() {
  return lines(
    'CPU',
    'Share of one core that the process uses, and the share of it that goes into collecting garbage; of several, the busiest.',
    'percentunit',
  )
    .withTarget(series(max(rate(ofExporter(PROCESS.cpu))), 'All'))
    .withTarget(
      series(max(sum(rate(ofExporter(`${PROCESS.gcDuration}_sum`)), 'job', 'instance')), 'Garbage collection'),
    )
    .overrideByName('All', [color(COLOR.input)])
    .overrideByName('Garbage collection', [color(COLOR.output)]);
}

function eventLoop() {
  const panel = lines(
    'Event loop lag',
    'The 99th percentile of the delay of the event loop: scrapes wait as long.',
    's',
  );
  return limited(panel, LIMITS.eventLoopLag)
    .axisSoftMax(0.12)
    .withTarget(series(max(ofExporter(PROCESS.eventLoopLagP99)), 'p99'))
    .overrideByName('p99', [color(COLOR.p99)]);
}

function files() {
  return lines('Open files', 'File descriptors that the process holds, sockets included.', 'short')
    .withTarget(series(max(ofExporter(PROCESS.openFds)), 'Open'))
    .overrideByName('Open', [color(COLOR.input)]);
}

export function process(): Row {
  return {
    title: 'Process',
    panels: [place(memory(), 6, 8), place(cpu(), 6, 8), place(eventLoop(), 6, 8), place(files(), 6, 8)],
  };
}
