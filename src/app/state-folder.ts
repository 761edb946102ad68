/** Makes the folder of a SQLite state where it is missing, so that a first start needs no mkdir. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ExporterError } from '../domain/errors.ts';

/** Only the user of the exporter may look into a folder that it made. */
const MODE = 0o700;

/** `path`: what follows `sqlite:`. Rejects with an ExporterError of code `startup` where the folder cannot be made. */
export async function makeStateFolder(path: string): Promise<void> {
  if (path === ':memory:') return;
  const folder = dirname(resolve(path));
  try {
    await makeWithParents(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    // A file in its place: opening the state says so, and better.
    if (code === 'ENOTDIR') return;
    throw new ExporterError(
      'startup',
      `The folder of the state cannot be made: ${folder}: ${code}.`,
      'Make it and let the user of the exporter write to it, or choose another state.url.',
      error,
    );
  }
}

/** Not by `recursive`: Node never ends where the system says ENOENT of a folder whose parent exists, as it does in /proc. */
async function makeWithParents(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: MODE });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || existsSync(dirname(folder))) throw error;
    await makeWithParents(dirname(folder));
    await mkdir(folder, { mode: MODE });
  }
}
