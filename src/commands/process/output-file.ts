/** Writes the file of `once --output` whole or not at all, as node_exporter's textfile collector needs it. */
import { access, constants, lstat, open, readlink, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { ExporterError } from '../../domain/errors.ts';

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such directory',
  EACCES: 'permission denied',
  ENOTDIR: 'there is no such directory',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EISDIR: 'it is a directory',
  ELOOP: 'it links to itself',
};

/** Links in a row; the kernel's own limit. */
const MOST_LINKS = 40;

function fault(path: string, error: unknown): ExporterError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  return new ExporterError(
    'startup',
    `cannot write ${path}: ${FAULTS[code] ?? code}`,
    'Give --output a file in a directory that this user can write to.',
    error,
  );
}

/** The file at the end of links, whether it exists or not. */
async function target(path: string): Promise<string> {
  let file = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    const there = await lstat(file).catch(() => null);
    if (there?.isSymbolicLink() !== true) return file;
    file = resolve(dirname(file), await readlink(file));
  }
  throw Object.assign(new Error('links in a circle'), { code: 'ELOOP' });
}

/** A device, FIFO or socket: it is written to, and never replaced by a file. */
async function isSpecial(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory() === true) throw Object.assign(new Error('directory'), { code: 'EISDIR' });
  return there !== null && !there.isFile();
}

/** Fails before the long work rather than after it. */
export async function checkWritable(path: string): Promise<void> {
  try {
    if (await isSpecial(path)) return await access(path, constants.W_OK);
    await access(dirname(await target(path)), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fault(path, error);
  }
}

/** Writes the text, through links. A file is written beside the old one, then renamed over it; mode 0644: another user's collector reads it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    if (await isSpecial(path)) await writeFile(path, text);
    else await replace(await target(path), text);
  } catch (error) {
    throw fault(path, error);
  }
}

async function replace(path: string, text: string): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await open(beside, 'w', 0o644);
    try {
      await file.chmod(0o644);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await unlink(beside).catch(() => {});
    throw error;
  }
}
