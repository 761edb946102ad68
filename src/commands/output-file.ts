/** A file that is there whole or not at all, as node_exporter's textfile collector needs it. */
import { access, constants, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { ExporterError } from '../domain/errors.ts';

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such directory',
  EACCES: 'permission denied',
  ENOTDIR: 'there is no such directory',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EISDIR: 'it is a directory',
};

function fault(path: string, error: unknown): ExporterError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  return new ExporterError(
    'startup',
    `cannot write ${path}: ${FAULTS[code] ?? code}`,
    'Give --output a file in a directory that this user can write to.',
    error,
  );
}

/** Fails before the long work rather than after it. */
export async function checkWritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK | constants.X_OK);
    const there = await stat(path).catch(() => null);
    if (there?.isDirectory() === true) throw Object.assign(new Error('directory'), { code: 'EISDIR' });
  } catch (error) {
    throw fault(path, error);
  }
}

/** Writes beside the file, then renames over it. Mode 0644: another user's collector reads it. */
export async function writeWhole(path: string, text: string): Promise<void> {
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
    throw fault(path, error);
  }
}
