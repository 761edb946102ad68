/** A real source against a scripted server, its clock, logger and observer recorded. */
import { onTestFinished } from 'vitest';
import { type AccountSettings, createSource, type LlamaCloudSource } from '../../src/llamacloud/index.ts';
import { type RecordingLogger as Logs, RecordingLogger } from '../fakes/recording-logger.ts';
import { recordingObserver, type Told } from '../fakes/recording-observer.ts';
import { SkippingClock } from '../fakes/skipping-clock.ts';
import { type ApiServer, type Script, startApi } from './api-server.ts';
import { PROJECT, settingsFor } from './settings.ts';

export { KEY, PROJECT } from './settings.ts';

export type Harness = {
  readonly source: LlamaCloudSource;
  readonly api: ApiServer;
  readonly clock: SkippingClock;
  readonly logger: Logs;
  readonly told: Told[];
};

export async function start(script: Script, settings: Partial<AccountSettings> = {}): Promise<Harness> {
  const api = await startApi(script);
  const clock = new SkippingClock();
  const logger = new RecordingLogger();
  const { observer, told } = recordingObserver();
  const source = createSource({ ...settingsFor(api.url), ...settings }, { clock, logger, observer });
  onTestFinished(async () => {
    await source.close();
    await api.close();
  });
  return { source, api, clock, logger, told };
}

export const never = new AbortController().signal;

/** One page of the project, as a sweep asks for it. */
export function readPage(source: LlamaCloudSource, token: string | null = null): ReturnType<LlamaCloudSource['page']> {
  return source.page({ projectId: PROJECT, token, priority: 'sweep' }, never);
}

/** A well-formed item of the list, changed by `fields`. */
export function item(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    session_id: 'ses-1',
    last_updated_at: '2026-04-22T12:34:41.342245',
    generated_title: 'What about Q3?',
    index_ids: null,
    job_metadata: {
      duration_ms: 1500.25,
      error: null,
      export_config_ids: null,
      is_error: false,
      total_input_tokens: 120,
      total_output_tokens: 34,
      turns: 2,
    },
    ...fields,
  };
}
