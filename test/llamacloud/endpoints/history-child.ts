/** Reads one history from the API at argv[2], and prints what that cost this process: run by a test. */
import { SILENT } from '../../../src/domain/observer.ts';
import { createSource } from '../../../src/llamacloud/index.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { SkippingClock } from '../../fakes/skipping-clock.ts';
import { PROJECT, settingsFor } from '../settings.ts';

const source = createSource(
  { ...settingsFor(process.argv[2] as string), requestTimeoutMs: 60_000 },
  { clock: new SkippingClock(), logger: new RecordingLogger(), observer: SILENT },
);
const { signal } = new AbortController();
/** Kilobytes, the highest so far. */
const peak = (): number => process.resourceUsage().maxRSS;

/** Reads a history; prints nothing of it, and fails where it cannot be had. */
async function read(sessionId: string): Promise<number> {
  const answer = await source.history({ projectId: PROJECT, sessionId }, signal);
  if ('error' in answer) throw answer.error;
  return answer.history.stops.length;
}

// A first, small one loads the code and warms the heap.
await read('small');
const before = peak();
const stops = await read('large');
process.stdout.write(JSON.stringify({ stops, megabytes: (peak() - before) / 1024 }));
await source.close();
