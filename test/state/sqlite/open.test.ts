/** Opening a SQLite state: file modes, refusals, the lock between processes, and migrations. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { APPLICATION_ID, MIGRATIONS } from '../../../src/state/sqlite/migrations/index.ts';
import { openTuned, TUNING } from '../../../src/state/sqlite/open.ts';
import { admissionOf } from '../contract/values.ts';
import { Child } from './children.ts';
import { freshPath, Listener, open, sql, testClock } from './support.ts';

/** A user without rights; root may write everywhere. */
const NOBODY = 65_534;

/** The error with which opening fails; it must name the path and a fix. */
async function refusal(path: string, named = path): Promise<string> {
  const error: unknown = await open(path).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'ExporterError', code: 'startup', fix: expect.stringMatching(/\w{3,}.*\./) });
  const { message } = error as Error;
  expect(message).toContain(named);
  return message;
}

describe('a new state', () => {
  test('is announced with its absolute path', async () => {
    const path = freshPath();
    const listener = new Listener();
    await open(join(dirname(path), '.', 'state.db'), {}, listener);
    expect(listener.logger.lines).toEqual([
      { level: 'warn', message: expect.stringContaining('new state'), fields: { path } },
    ]);
    await expect((await open(':memory:')).restore()).resolves.toMatchObject({ isNew: true });
  });

  test('can be read by its owner only', async () => {
    const path = freshPath();
    const before = process.umask(0);
    await open(path);
    process.umask(before);
    for (const file of [path, `${path}-wal`, `${path}.lock`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('can be used by its group where the folder is shared with it', async () => {
    const path = freshPath();
    chmodSync(dirname(path), 0o2770);
    const before = process.umask(0o022);
    await open(path);
    process.umask(before);
    for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o660);
  });

  test('leaves one file when closed', async () => {
    const path = freshPath();
    const store = await open(path);
    expect(store.location).toBe(path);
    await store.close();
    await store.close();
    for (const suffix of ['-wal', '-shm', '.lock']) expect(existsSync(path + suffix)).toBe(false);
    await expect(store.restore()).rejects.toMatchObject({ code: 'state', message: expect.stringContaining('closed') });
  });

  test('has odd characters in its path', async () => {
    const path = join(dirname(freshPath()), 'a ?#%20é;.db');
    await (await open(path)).close();
    expect(existsSync(path)).toBe(true);
    expect(await (await open(path)).restore()).toMatchObject({ isNew: false });
  });
});

describe('opening refuses', () => {
  test('a file that is no database', async () => {
    const path = freshPath();
    writeFileSync(path, 'x'.repeat(10_000));
    expect(await refusal(path)).toContain('no SQLite database');
    expect(readFileSync(path, 'utf8')).toBe('x'.repeat(10_000));
  });

  test('an empty file', async () => {
    const path = freshPath();
    writeFileSync(path, '');
    expect(await refusal(path)).toContain('0 bytes');
    expect(statSync(path).size).toBe(0);
  });

  test('the database of another application', async () => {
    const path = freshPath();
    sql(path, 'CREATE TABLE project (x); PRAGMA user_version = 1');
    expect(await refusal(path)).toContain('another application');
  });

  test('a newer schema', async () => {
    const path = freshPath();
    await (await open(path)).close();
    sql(path, 'PRAGMA user_version = 1000');
    expect(await refusal(path)).toContain('schema 1000');
  });

  test('a directory that does not exist', async () => {
    const path = join(freshPath(), 'state.db');
    expect(await refusal(path)).toContain('cannot be opened for writing');
  });

  test('a path that is a directory', async () => {
    const path = freshPath();
    mkdirSync(path);
    expect(await refusal(path)).toContain('not a file');
  });

  test.each([
    ['file', 0o444, 0o777],
    ['directory', 0o666, 0o555],
  ])('a %s that it may not write', async (_, fileMode, directoryMode) => {
    const path = freshPath();
    await (await open(path)).close();
    chmodSync(path, fileMode);
    chmodSync(dirname(path), directoryMode);
    const isRoot = process.getuid?.() === 0;
    const child = new Child('open', path, '', ...(isRoot ? [String(NOBODY)] : []));
    await child.ended();
    expect(JSON.parse(child.last)).toMatchObject({ code: 'startup', message: expect.stringContaining(path) });
    chmodSync(dirname(path), 0o755);
  });

  test('a state whose main file alone is gone', async () => {
    const path = freshPath();
    writeFileSync(`${path}-wal`, 'newest commits');
    expect(await refusal(path)).toContain('-wal was left behind');
  });

  test('a killed state whose -wal is gone', async () => {
    const path = freshPath();
    const child = new Child('write', path, '');
    await child.until((line) => Number(line) > 100);
    await child.kill();
    sql(path, 'PRAGMA wal_checkpoint(TRUNCATE)');
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(await refusal(path)).toContain('-wal');
  });
});

describe('one process', () => {
  test('keeps a second one out, by name', async () => {
    const path = freshPath();
    const child = new Child('hold', path);
    await child.until((line) => line === 'open');
    expect(await refusal(path)).toContain(`process ${child.process.pid} on`);
    const listener = new Listener();
    const waiting = open(path, { lockWaitMs: 10_000 }, listener);
    setTimeout(() => void child.kill(), 400);
    expect(await (await waiting).restore()).toMatchObject({ isNew: false });
    expect(listener.logger.lines).toHaveLength(1);
    expect(listener.logger.lines[0]).toMatchObject({ level: 'warn', fields: { path } });
  });

  test('keeps itself out too', async () => {
    const path = freshPath();
    await open(path);
    expect(await refusal(path)).toContain(`process ${process.pid}`);
  });

  test('stops waiting when it is told to', async () => {
    const path = freshPath();
    await open(path);
    const { logger, observer } = new Listener();
    const signal = AbortSignal.timeout(50);
    const waiting = openTuned(path, { clock: testClock, logger, observer, signal }, TUNING);
    await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('lets racing starts make one state', async () => {
    const path = freshPath();
    const children = [new Child('open', path), new Child('open', path)];
    await Promise.all(children.map((child) => child.ended()));
    expect(children.map((child) => child.lines)).toEqual([['open'], ['open']]);
  });
});

describe('a state of an older schema', () => {
  test('is brought up to date', async () => {
    const path = freshPath();
    sql(path, `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 0; CREATE TABLE older (x)`);
    const store = await open(path);
    await store.admit('default', 1, [admissionOf('p')]);
    await store.close();
    const db = new DatabaseSync(path);
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: MIGRATIONS.length });
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
  });

  test('stays as it was when a migration fails', async () => {
    const path = freshPath();
    sql(path, `PRAGMA application_id = ${APPLICATION_ID}; CREATE TABLE forgotten (x)`);
    await refusal(path);
    const db = new DatabaseSync(path);
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'forgotten' }]);
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 0 });
    db.close();
  });
});
