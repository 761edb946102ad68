/** Where `--output` writes if the path is a link, a device or a FIFO. */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { checkWritable, writeWhole } from '../../../src/commands/process/output-file.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'output-'));

async function write(path: string, text: string): Promise<void> {
  await checkWritable(path);
  await writeWhole(path, text);
}

describe('--output', () => {
  test('writes through a link, in the folder of what it links to', async () => {
    const at = folder();
    mkdirSync(join(at, 'real'));
    writeFileSync(join(at, 'real/metrics.prom'), 'old');
    symlinkSync('real/metrics.prom', join(at, 'link'));
    await write(join(at, 'link'), 'new');
    expect(lstatSync(join(at, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(at, 'real/metrics.prom'), 'utf8')).toBe('new');
    expect([readdirSync(at), readdirSync(join(at, 'real'))]).toEqual([['link', 'real'], ['metrics.prom']]);
  });

  test('makes the file that a link names', async () => {
    const at = folder();
    symlinkSync('metrics.prom', join(at, 'link'));
    await write(join(at, 'link'), 'new');
    expect(lstatSync(join(at, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(at, 'metrics.prom'), 'utf8')).toBe('new');
  });

  // A device of the test's own: a fault here must not cost the machine its /dev/null.
  test.runIf(process.getuid?.() === 0)('leaves a device what it is', async () => {
    const device = join(folder(), 'null');
    execFileSync('mknod', [device, 'c', '1', '3']);
    const before = lstatSync(device);
    await write(device, 'gone');
    const after = lstatSync(device);
    expect([after.isCharacterDevice(), after.ino]).toEqual([true, before.ino]);
  });

  test('goes into a FIFO', async () => {
    const fifo = join(folder(), 'fifo');
    execFileSync('mkfifo', [fifo]);
    const [text] = await Promise.all([readFile(fifo, 'utf8'), write(fifo, 'through')]);
    expect(text).toBe('through');
    expect(lstatSync(fifo).isFIFO()).toBe(true);
  });

  test('says that a link leads nowhere', async () => {
    const at = folder();
    symlinkSync('none/metrics.prom', join(at, 'link'));
    await expect(checkWritable(join(at, 'link'))).rejects.toThrow(/cannot write .*link: there is no such directory/);
    symlinkSync('round', join(at, 'round'));
    await expect(checkWritable(join(at, 'round'))).rejects.toThrow(/cannot write .*round: it links to itself/);
  });
});
