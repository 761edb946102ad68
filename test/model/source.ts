/** The source of one of the model's accounts: the real one, on the simulator. */

import { SILENT } from '../../src/domain/observer.ts';
import type { Clock } from '../../src/domain/time.ts';
import { createSource, DIRECT, type LlamaCloudSource, type Memory } from '../../src/llamacloud/index.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

/** One attempt may take this long, in real milliseconds. */
const REQUEST_TIMEOUT = 100;

type Account = { readonly account: string; readonly url: string; readonly concurrency: number };

/** `memory`: what the sources before it have learned. */
export function sourceOf({ account, url, concurrency }: Account, clock: Clock, memory: Memory): LlamaCloudSource {
  const settings = {
    name: account,
    baseUrl: url,
    apiKey: { current: () => 'key', refresh: async () => 'key' },
    organizationId: null,
    projectId: null,
    requestsPerMinute: 0,
    historyShare: 0.5,
    concurrency,
    requestTimeoutMs: REQUEST_TIMEOUT,
    connection: DIRECT,
    pageSize: 3,
  };
  return createSource(settings, { clock, logger: new RecordingLogger(), observer: SILENT }, memory);
}
