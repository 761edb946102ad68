/** Histories as the API sends them, and what a source reads of them. */
import { createHash } from 'node:crypto';
import { NO_FIGURES, type Run } from '../../../src/domain/session.ts';
import type { HistoryAnswer } from '../../../src/domain/source.ts';
import type { Reply, Script } from '../api-server.ts';
import { type Harness, item, never, PROJECT } from '../harness.ts';

export const stop = (usage: object, fields: object = {}): object => ({
  type: 'stop',
  error: null,
  is_error: false,
  usage,
  ...fields,
});
export const chatter = [
  { type: 'user_input', content: 'private words' },
  { type: 'thinking', content: 'hm {"type":"stop"}' },
  { type: 'tool_call', call_id: 'c', name: 'stop', arguments: { type: 'stop', events: [{ type: 'stop' }] } },
  { type: 'tool_result', call_id: 'c', name: 'stop', result: [{ type: 'stop', usage: {} }] },
  { type: 'text_delta', content: 'ünïcode 🙂' },
];
export const history = (events: unknown, fields: object = {}): Reply => ({ body: { ...item(), events, ...fields } });
export const twoRuns = [
  ...chatter,
  stop({ duration_ms: 10.5, total_input_tokens: 1, total_output_tokens: 2, turns: 3 }),
  ...chatter,
  stop({ total_input_tokens: null }, { is_error: true, error: 'it broke' }),
];
export const request = { projectId: PROJECT, sessionId: 'ses-1' };
export const readHistory = ({ source }: Harness): Promise<HistoryAnswer> => source.history(request, never);

/** Its stops; fails the test where the history cannot be had. */
export async function readStops(harness: Harness): Promise<readonly Run[]> {
  const answer = await readHistory(harness);
  if ('error' in answer) throw answer.error;
  return answer.history.stops;
}

/** Bytes that the observer heard of, one number for each history. */
export const heard = ({ told }: Harness): unknown[] =>
  told.filter(([event]) => event === 'historyRead').map(([, , bytes]) => bytes);

export const twoStops = [
  {
    figures: { ...NO_FIGURES, isError: false, durationUs: 10_500, inputTokens: 1, outputTokens: 2, turns: 3 },
    errorText: null,
  },
  {
    figures: { ...NO_FIGURES, isError: true, errorHash: createHash('sha256').update('it broke').digest('base64url') },
    errorText: 'it broke',
  },
];

export const inPieces =
  (bytes: Buffer, size: number, headers: Record<string, string> = {}): Script =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    for (let at = 0; at < bytes.length; at += size) response.write(bytes.subarray(at, at + size));
    response.end();
  };
