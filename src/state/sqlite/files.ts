/** The files of a state: what may be at its path, and how a new one is made. */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  linkSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { ExporterError } from '../../domain/errors.ts';
import { damaged, fileError } from './errors.ts';

/** The smallest page of SQLite: it takes a shorter file for a new database. */
const SMALLEST = 512;

/** Only the user of the exporter may read the state. SQLite gives -wal the mode of the main file. */
const MODE = 0o600;
/** Where the folder is shared with a group, as OpenShift has it with users of changing numbers, the group may use the state as well. */
const GROUP_MODE = 0o660;
const GROUP_WRITES = 0o020;

function modeIn(folder: string): number {
  return (statSync(folder).mode & GROUP_WRITES) === 0 ? MODE : GROUP_MODE;
}

/**
 * True when there is a file that can be opened and written; false when there is none and one can be made.
 * Anything else is an ExporterError: above all an existing file is never taken for a new one, as that would silently restart from empty.
 */
export function isPresent(path: string): boolean {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    accessSync(stats === undefined ? dirname(path) : path, constants.R_OK | constants.W_OK);
    if (stats !== undefined) checkFile(path, stats);
    else if (existsSync(walOf(path))) throw orphan(path);
    return stats !== undefined;
  } catch (error) {
    throw fileError(error, path);
  }
}

/**
 * Puts a finished database at `path` in one step, so that a crash leaves either none or a whole one.
 * False when another process was faster.
 */
export function place(path: string, content: Uint8Array): boolean {
  const draft = `${path}.new-${process.pid}`;
  try {
    const mode = modeIn(dirname(path));
    writeFileSync(draft, content, { mode, flush: true });
    chmodSync(draft, mode);
    return linkOrWrite(draft, path, content, mode);
  } catch (error) {
    throw fileError(error, path);
  } finally {
    removeDraft(draft);
  }
}

function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // Where it cannot be removed it could not be made, and that error says more.
  }
}

/** Some network file systems have no hard links: there the file is written in place, and only if there is none. */
function linkOrWrite(draft: string, path: string, content: Uint8Array, mode: number): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (isExists(error)) return false;
  }
  try {
    writeFileSync(path, content, { mode, flush: true, flag: 'wx' });
    chmodSync(path, mode);
    return true;
  } catch (error) {
    if (isExists(error)) return false;
    throw error;
  }
}

function isExists(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function checkFile(path: string, stats: Stats): void {
  if (!stats.isFile()) {
    throw new ExporterError('startup', `The state ${path} is not a file.`, 'Let state.url name a file.');
  }
  if (stats.size < SMALLEST) throw damaged(path, `the file holds ${stats.size} bytes, less than any database`);
}

function orphan(path: string): ExporterError {
  return damaged(path, `the file is gone, and ${walOf(path)} was left behind`);
}

export function walOf(path: string): string {
  return `${path}-wal`;
}

/** Bytes of a file; 0 when there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Tells a file from another one put at its path later; null: there is none. */
export function identityOf(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}

/** Beside a state in use lies a note that says by whom. It is no lock: SQLite's own lock on the state is, and that one dies with its process. */
export function writeNote(path: string, note: string): void {
  try {
    writeFileSync(noteOf(path), note, { mode: modeIn(dirname(path)) });
  } catch {
    // Without the note, a second process can name the state, but not the process that holds it.
  }
}

/** Null when there is none. */
export function readNote(path: string): string | null {
  try {
    return readFileSync(noteOf(path), 'utf8').trim();
  } catch {
    return null;
  }
}

export function removeNote(path: string): void {
  try {
    unlinkSync(noteOf(path));
  } catch {
    // It is only a note.
  }
}

function noteOf(path: string): string {
  return `${path}.lock`;
}
