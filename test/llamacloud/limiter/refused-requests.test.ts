/** A request that the API refuses for what it asks: which setting to change, and no more than that of the answer. */
import { describe, expect, it } from 'vitest';
import { inTurn, packers, type Reply, reply } from '../api-server.ts';
import { never, readPage, start } from '../harness.ts';

const about = (parameter: string, msg = 'Input should be less than or equal to 50'): object => ({
  detail: [{ type: 'x', loc: ['query', parameter], msg, input: 'private input' }],
});

/** The error of a first page that is answered so. */
async function refusal(answer: Reply, token: string | null = null): Promise<Error & { fix: string; code: string }> {
  const { source } = await start(inTurn(answer));
  return readPage(source, token).then(
    () => {
      throw new Error('the page was read');
    },
    (error: unknown) => error as Error & { fix: string; code: string },
  );
}

describe('a request refused with 400 or 422', () => {
  it.each([
    [400, 'page_size', /^Change page_size of this account/],
    [422, 'page_size', /^Change page_size of this account/],
    [422, 'organization_id', /^Correct organization_id of this account/],
    [422, 'project_id', /^Correct project_id of this account/],
    [422, 'flavour', /^The API has changed/],
  ])('of status %i names %s', async (status, parameter, fix) => {
    const error = await refusal({ status, body: about(parameter) });
    expect(error).toMatchObject({ code: 'rejected', fix: expect.stringMatching(fix) });
    expect(error.message).toMatch(
      new RegExp(`: the API does not accept ${parameter} \\("Input should be less than or equal to 50"\\)$`),
    );
    expect(`${error.message}${error.fix}`).not.toContain('private');
  });

  it('may name the setting in plain text', async () => {
    const error = await refusal({ status: 400, body: { detail: 'page_size must be at most 50' } });
    expect(error.message).toMatch(/does not accept page_size \("page_size must be at most 50"\)$/);
    expect(error.fix).toMatch(/^Change page_size/);
  });

  it('is explained for discovery too', async () => {
    const { source } = await start(inTurn({ status: 422, body: about('organization_id', 'Input should be a UUID') }));
    await expect(source.discover(never)).rejects.toMatchObject({
      message: expect.stringMatching(/does not accept organization_id \("Input should be a UUID"\)$/),
      fix: expect.stringMatching(/^Correct organization_id/),
    });
  });

  it('quotes one clipped line', async () => {
    const msg = `a\nb\u0000c\u001b[31m\u2028${'🙂'.repeat(300)}`;
    const { message } = await refusal({ status: 422, body: about('page_size', msg) });
    const quoted = /\("(.*)"\)$/.exec(message)?.[1] ?? '';
    expect(quoted).toBe(`a b c [31m ${'🙂'.repeat(189)}...`);
  });

  it('is explained when packed', async () => {
    const body = packers.gzip(JSON.stringify(about('page_size')));
    const error = await refusal({ status: 422, headers: { 'content-encoding': 'gzip' }, body });
    expect(error.fix).toMatch(/^Change page_size/);
  });

  const bomb = packers.gzip(JSON.stringify(about('page_size', ' '.repeat(100_000))));
  it.each<[string, Reply]>([
    ['no body', { body: '' }],
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '<p>page_size' }],
    ['no detail', { body: { error: 'page_size' } }],
    ['a detail of another kind', { body: { detail: { page_size: 'private' } } }],
    ['text that names no setting', { body: { detail: 'private words' } }],
    [
      'entries of another kind',
      { body: { detail: [null, 'page_size', { loc: [], msg: 'x' }, { loc: ['query', 0], msg: 'private' }] } },
    ],
    ['a name that is none', { body: about('private <script> words') }],
    ['more than 16 kB', { body: about('page_size', 'x'.repeat(17_000)) }],
    ['more than 16 kB unpacked', { headers: { 'content-encoding': 'gzip' }, body: bomb }],
    ['a broken packing', { headers: { 'content-encoding': 'gzip' }, body: 'page_size' }],
    ['a megabyte', { body: 'x'.repeat(1_000_000) }],
  ])('with %s says what to check', async (_, answer) => {
    const error = await refusal({ ...answer, status: 422 });
    expect(error.message).toMatch(/: 422 Unprocessable Entity$/);
    expect(error.fix).toMatch(/^Check page_size, organization_id and project_id of this account/);
  });

  it('with a body that stalls says what to check', async () => {
    const { source } = await start(
      (_, response) => {
        response.writeHead(400, { 'content-type': 'application/json', 'content-length': 100 });
        response.write('{"detail":');
      },
      { requestTimeoutMs: 300 },
    );
    await expect(readPage(source)).rejects.toMatchObject({
      code: 'rejected',
      fix: expect.stringMatching(/^Check page/),
    });
  });

  it('quotes nothing where a page token may be named', async () => {
    const error = await refusal({ status: 422, body: about('page_token', 'token abc is unknown') }, 'abc');
    expect(error).toMatchObject({ name: 'TokenExpiredError' });
    expect(error.message).toMatch(/: 422 Unprocessable Entity$/);
  });

  it('says nothing new of other statuses', async () => {
    const { source } = await start((_, response) => reply(response, { status: 403, body: about('page_size') }));
    await expect(readPage(source)).rejects.toThrow(/: 403 Forbidden$/);
  });
});
