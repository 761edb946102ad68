/** Reads one history from the API at argv[2], and prints what that cost this process: run by a test. */
import { SILENT } from '../../src/domain/observer.ts';
import { createSource } from '../../src/llamacloud/index.ts';
import { RecordingLogger } from '../fakes/recorders.ts';
import { SkippingClock } from '../fakes/skipping-clock.ts';
import { PROJECT, settingsFor } from './settings.ts';

const source = createSource(
  { ...settingsFor(process.argv[2] as string), requestTimeoutMs: 60_000 },
  { clock: new SkippingClock(), logger: new RecordingLogger(), observer: SILENT },
);
const { signal } = new AbortController();
/** Kilobytes, the highest so far. */
const peak = (): number => process.resourceUsage().maxRSS;

// A first, small one loads the code and warms the heap.
await source.stops(PROJECT, 'small', signal);
const before = peak();
const stops = await source.stops(PROJECT, 'large', signal);
process.stdout.write(JSON.stringify({ stops: stops?.length, megabytes: (peak() - before) / 1024 }));
await source.close();
