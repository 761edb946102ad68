/** The API key: sent in one header, read again after a 401, and never shown. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../../src/domain/errors.ts';
import { inTurn, type Reply, reply, type Script } from '../api-server.ts';
import { item, KEY, readPage, start } from '../harness.ts';

const good: Reply = { body: { items: [item()] } };

/** Takes one key only. */
const onlyFor =
  (key: string): Script =>
  (request, response) =>
    reply(response, request.headers.authorization === `Bearer ${key}` ? good : { status: 401 });

const refresh = async (): Promise<never> => {
  throw new ExporterError('config', '/run/secrets/key: no such file', '');
};

describe('the key', () => {
  it('travels in one header only', async () => {
    const { source, api, logger } = await start(inTurn({ status: 500 }, { status: 429 }, good));
    await readPage(source);
    expect(api.keys).toEqual(Array(3).fill(`Bearer ${KEY}`));
    expect(JSON.stringify([api.asked, logger.lines])).not.toContain(KEY);
  });

  it('is read again on 401, and tried', async () => {
    let key = 'old';
    const apiKey = { current: () => key, refresh: async () => (key = 'new') };
    const { source, api, logger } = await start(onlyFor('new'), { apiKey });
    await readPage(source);
    await readPage(source);
    expect(api.keys).toEqual(['Bearer old', 'Bearer new', 'Bearer new']);
    expect(logger.at('info')).toHaveLength(1);
  });

  it('that did not change is not tried twice', async () => {
    const { source, api } = await start(onlyFor('another'));
    await expect(readPage(source)).rejects.toMatchObject({
      code: 'unauthorized',
      fix: expect.stringContaining('key'),
    });
    expect(api.asked).toHaveLength(1);
  });

  it('that was replaced by a wrong one fails', async () => {
    const apiKey = { current: () => 'old', refresh: async () => 'new' };
    const { source, api } = await start(onlyFor('another'), { apiKey });
    await expect(readPage(source)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(api.asked).toHaveLength(2);
  });

  it('that cannot be read says so', async () => {
    const { source } = await start(onlyFor('another'), { apiKey: { current: () => KEY, refresh } });
    await expect(readPage(source)).rejects.toMatchObject({
      code: 'unauthorized',
      message: 'The API key of account "acme" cannot be read: /run/secrets/key: no such file',
    });
  });

  it.each(['with\nnewline', 'with\u0000zero', 'snow☃man', 'two words', ''])(
    '%j that no header can carry is refused',
    async (key) => {
      const apiKey = { current: () => key, refresh: async () => key };
      const { source, api } = await start(inTurn(good), { apiKey });
      const error = await readPage(source).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: 'unauthorized',
        message: 'The API key of account "acme" is empty or holds characters that no header can carry',
      });
      expect(api.asked).toEqual([]);
    },
  );
});

it('the words of a status line stay out of messages', async () => {
  const { source } = await start((request, response) => {
    response.writeHead(403, `No ${request.headers.authorization}`).end();
  });
  const error = await readPage(source).catch((reason: unknown) => reason);
  expect((error as Error).message).toMatch(/: 403 Forbidden$/);
});
