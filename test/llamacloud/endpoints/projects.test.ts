/** Discovery: which projects a list names, what is done with malformed entries, and when it fails. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inTurn } from '../api-server.ts';
import { never, start } from '../harness.ts';

const project = (fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id: '11111111-2222-4333-8444-555555555555',
  name: 'Support',
  organization_id: 'org-1',
  is_default: true,
  created_at: '2026-01-01T00:00:00.000001Z',
  updated_at: null,
  ...fields,
});

const read = {
  id: '11111111-2222-4333-8444-555555555555',
  name: 'Support',
  organizationId: 'org-1',
  isDefault: true,
  createdAt: 1_767_225_600_000_001,
};

describe('discovery', () => {
  it('lists the projects of the key', async () => {
    const { source, api, told } = await start(inTurn({ body: [project()] }));
    const discovery = await source.discover(never);
    expect(discovery.projects).toEqual([read]);
    expect(Math.abs(discovery.serverTime - Date.now() * 1000)).toBeLessThan(5_000_000);
    expect(api.asked).toEqual(['/api/v1/projects']);
    expect(told).toContainEqual(['requestEnded', 'acme', 'projects', 200, expect.any(Number)]);
  });

  it('keeps to the organization', async () => {
    const { source, api } = await start(inTurn({ body: [] }), { organizationId: 'org/1' });
    expect((await source.discover(never)).projects).toEqual([]);
    expect(api.asked).toEqual(['/api/v1/projects?organization_id=org%2F1']);
  });

  it('asks for the one project that is set', async () => {
    const { source, api, told } = await start(inTurn({ body: project() }), { projectId: 'p 1', organizationId: 'o' });
    expect((await source.discover(never)).projects).toEqual([read]);
    expect(api.asked).toEqual(['/api/v1/projects/p%201?organization_id=o']);
    expect(told).toContainEqual(['requestEnded', 'acme', 'project', 200, expect.any(Number)]);
  });

  it('fails where the one project is not there', async () => {
    const { source } = await start(inTurn({ status: 404 }), { projectId: 'p1' });
    await expect(source.discover(never)).rejects.toMatchObject({
      code: 'not_found',
      fix: expect.stringContaining('project_id'),
    });
  });

  it('takes absent and null fields', async () => {
    const { source } = await start(inTurn({ body: [project({ created_at: undefined, is_default: null })] }));
    expect((await source.discover(never)).projects).toEqual([{ ...read, createdAt: null, isDefault: false }]);
  });

  it('drops an entry without an id, with one warning', async () => {
    const body = [project(), project({ id: '' }), null];
    const { source, logger } = await start(inTurn({ body }));
    for (let n = 0; n < 3; n += 1) {
      expect(await source.discover(never)).toMatchObject({ projects: [read], unreadable: [] });
    }
    expect(logger.at('warn')).toEqual([
      {
        level: 'warn',
        message: 'The list of projects contains malformed entries',
        fields: { account: 'acme', dropped: 2, unreadable: 0, undated: 0 },
      },
    ]);
  });

  it.each([{ name: null }, { organization_id: 5 }, { is_default: 'yes' }, { created_at: 5 }])(
    'names an entry that is malformed with %j by its id',
    async (fields) => {
      const body = [project(), project({ id: 'odd', ...fields }), project({ id: 'odd', ...fields })];
      const { source, logger } = await start(inTurn({ body }));
      expect(await source.discover(never)).toMatchObject({ projects: [read], unreadable: ['odd'] });
      expect(logger.at('warn')[0]?.fields).toMatchObject({ dropped: 0, unreadable: 1 });
    },
  );

  it('succeeds with nothing but malformed entries that have an id', async () => {
    const { source } = await start(inTurn({ body: [project({ name: null }), null] }));
    expect(await source.discover(never)).toMatchObject({ projects: [], unreadable: [read.id] });
  });

  it('takes the good one of two entries of one id', async () => {
    const { source } = await start(inTurn({ body: [project({ name: null }), project()] }));
    expect(await source.discover(never)).toMatchObject({ projects: [read], unreadable: [] });
  });

  it('names the one project that is set though it is malformed', async () => {
    const { source } = await start(inTurn({ body: project({ name: 7 }) }), { projectId: read.id });
    expect(await source.discover(never)).toMatchObject({ projects: [], unreadable: [read.id] });
  });

  it('keeps a project with a bad date', async () => {
    const { source, logger } = await start(inTurn({ body: [project({ created_at: 'yesterday' })] }));
    expect((await source.discover(never)).projects).toEqual([{ ...read, createdAt: null }]);
    expect(logger.at('warn')[0]?.fields).toMatchObject({ undated: 1 });
  });

  it.each([
    ['no list', { items: [] }, 'not a list of projects'],
    ['nothing good', [null, {}], 'no project in its body is well-formed'],
  ])('fails on %s', async (_, body, message) => {
    const { source } = await start(inTurn({ body }));
    await expect(source.discover(never)).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining(message),
    });
  });

  it('counts a project listed twice once', async () => {
    const { source } = await start(inTurn({ body: [project(), project({ name: 'Again' }), project({ id: 'other' })] }));
    expect((await source.discover(never)).projects.map((p) => p.name)).toEqual(['Support', 'Support']);
  });

  it('carries names of any kind', async () => {
    const { source, api } = await start(inTurn({ body: [] }));
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"quoted"', "it's", 'two\nlines', '\\', '🙂'.repeat(2500), 'x'.repeat(10_000), '', '<script>'),
    );
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        api.script = inTurn({ body: [project({ name })] });
        expect((await source.discover(never)).projects[0]?.name).toBe(name);
      }),
      { numRuns: 60 },
    );
  });

  it('repairs half characters in names', async () => {
    const { source } = await start(inTurn({ body: `[${JSON.stringify(project({ name: 'a\ud83db' }))}]` }));
    expect((await source.discover(never)).projects[0]?.name).toBe('a\ufffdb');
  });
});
