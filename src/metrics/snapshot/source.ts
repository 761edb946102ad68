import { createGunzip } from 'node:zlib';
import type { Format, SnapshotSource } from '../../domain/serving.ts';
import type { Live } from '../live/live.ts';
import type { Board } from './board.ts';
import { Body } from './body.ts';
import type { Publication } from './publication.ts';

/** Serves what the board shows. The first call for a format has it rendered whole; later ones render nothing of the projects. */
export function createSource(board: Board, publication: Publication, live: Live): SnapshotSource {
  const bodies: Readonly<Record<Format, Body>> = {
    text: new Body('text', board, live),
    openmetrics: new Body('openmetrics', board, live),
  };
  const openings = new Map<Format, Promise<void>>();

  async function opened(format: Format): Promise<Buffer> {
    const opening = openings.get(format) ?? publication.now(format);
    openings.set(format, opening);
    await opening.finally(() => openings.delete(format));
    return bodies[format].gzip();
  }

  const gzip = (format: Format): Promise<Buffer> =>
    board.face(format) === null || openings.has(format) ? opened(format) : bodies[format].gzip();

  return {
    gzip,
    identity: async (format) => createGunzip().end(await gzip(format)),
    ready: () => board.published,
  };
}
