/**
 * What is read from a session's event history: its stop events, in any chunking or encoding, and odd ones as runs
 * without figures.
 */
import { describe, expect, it } from 'vitest';
import { NO_FIGURES } from '../../../src/domain/session.ts';
import { inTurn, packers } from '../api-server.ts';
import { never, PROJECT, start } from '../harness.ts';
import {
  chatter,
  heard,
  history,
  inPieces,
  readHistory,
  readStops,
  request,
  stop,
  twoRuns,
  twoStops,
} from './history-bodies.ts';

describe('the history of a session', () => {
  it('gives its stop events, oldest first', async () => {
    const harness = await start(inTurn(history(twoRuns)));
    expect(await readStops(harness)).toEqual(twoStops);
    expect(harness.api.asked).toEqual([`/api/v1/chat/ses-1?project_id=${PROJECT}`]);
    expect(harness.told).toContainEqual(['requestEnded', 'acme', 'session', 200, expect.any(Number)]);
  });

  it('may come in pieces of any size, packed or not', async () => {
    const bytes = Buffer.from(JSON.stringify(history(twoRuns).body));
    for (const size of [1, 7, 1000]) {
      expect(await readStops(await start(inPieces(bytes, size)))).toEqual(twoStops);
      for (const encoding of ['gzip', 'br'] as const) {
        const packed = inPieces(packers[encoding](bytes), size, { 'content-encoding': encoding });
        expect(await readStops(await start(packed))).toEqual(twoStops);
      }
    }
  });

  it('may hold no run', async () => {
    expect(await readStops(await start(inTurn(history([]))))).toEqual([]);
    expect(await readStops(await start(inTurn(history(chatter))))).toEqual([]);
  });

  it('tells what the session itself shows, before or after its events', async () => {
    const { events, ...session } = history(twoRuns, { index_ids: ['a', 7] }).body as { events: unknown };
    for (const body of [
      { ...session, events },
      { events, ...session },
    ]) {
      expect(await readHistory(await start(inTurn({ body })))).toMatchObject({
        history: {
          session: {
            id: 'ses-1',
            updatedAt: 1_776_861_281_342_245,
            run: { figures: { durationUs: 1_500_250, inputTokens: 120, outputTokens: 34, turns: 2 } },
            indexIds: ['a'],
          },
          stops: twoStops,
        },
      });
    }
  });

  it('may be that of a session in progress', async () => {
    const body = history(twoRuns, { job_metadata: { turns: 1 } });
    expect(await readHistory(await start(inTurn(body)))).toMatchObject({ history: { session: { run: null } } });
  });

  it('says how many bytes it was, unpacked', async () => {
    const bytes = Buffer.from(JSON.stringify(history(twoRuns).body));
    const harness = await start(inPieces(packers.gzip(bytes), 100, { 'content-encoding': 'gzip' }));
    expect(await readHistory(harness)).toMatchObject({ bytes: bytes.length });
    expect(heard(harness)).toEqual([bytes.length]);
  });

  it.each<[string, object]>([
    ['without usage', { type: 'stop', is_error: false, error: null }],
    ['with null usage', { type: 'stop', is_error: false, error: null, usage: null }],
    ['with negative tokens', stop({ total_input_tokens: -1, turns: 1 })],
    ['with tokens as text', stop({ total_output_tokens: '7' })],
    ['with an odd outcome', stop({ turns: 1 }, { is_error: 'no' })],
    ['with an odd error', stop({ turns: 1 }, { error: { text: 'x' } })],
  ])('takes a stop %s for a run without figures', async (_, odd) => {
    const harness = await start(inTurn(history([odd, ...twoRuns])));
    expect(await readStops(harness)).toEqual([{ figures: NO_FIGURES, errorText: null }, ...twoStops]);
    expect(harness.logger.at('warn')).toEqual([]);
  });

  it('is asked for by an escaped id', async () => {
    const { source, api } = await start(inTurn(history([], { session_id: 'a/../b?c' })), { organizationId: 'o' });
    expect(await source.history({ ...request, sessionId: 'a/../b?c' }, never)).toMatchObject({
      history: { stops: [] },
    });
    expect(api.asked).toEqual([`/api/v1/chat/a%2F..%2Fb%3Fc?project_id=${PROJECT}&organization_id=o`]);
  });
});
