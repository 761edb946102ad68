/** Serves the rendered snapshot to the web server; with a shared state, each answer waits for a refresh first. */
import { createGunzip } from 'node:zlib';
import { ExporterError } from '../../domain/errors.ts';
import type { Format, Part, SnapshotSource } from '../../domain/serving.ts';
import { Body, type Sources } from './body.ts';
import type { PublishLoop } from './publish-loop.ts';

/** Resolves once everything is shown that was committed when it was called; rejects with an ExporterError when it cannot be. */
export type Barrier = () => Promise<void>;

/**
 * Serves what the snapshot builder shows. The first call for a format has it rendered whole; later ones render nothing of the projects, unless there
 * is a barrier and something was committed meanwhile.
 */
export function createSource(sources: Sources, publication: PublishLoop, barrier: Barrier | null): SnapshotSource {
  const bodies = bodiesOf(sources);
  const openings = new Map<Format, Promise<void>>();
  let isRefused = false;

  async function opened(part: Part, format: Format): Promise<Buffer> {
    const opening = openings.get(format) ?? publication.now(format);
    openings.set(format, opening);
    await opening.finally(() => openings.delete(format));
    return bodies[part][format].gzip();
  }

  const shown = (part: Part, format: Format): Promise<Buffer> =>
    part !== 'exporter' && (sources.builder.rendered(format) === null || openings.has(format))
      ? opened(part, format)
      : bodies[part][format].gzip();

  async function pass(through: Barrier): Promise<void> {
    try {
      await through();
      isRefused = false;
    } catch (error) {
      isRefused = true;
      throw error;
    }
  }

  const gzip = (part: Part, format: Format): Promise<Buffer> =>
    barrier === null || part === 'exporter' ? shown(part, format) : pass(barrier).then(() => shown(part, format));

  return {
    gzip,
    identity: async (part, format) => createGunzip().end(await gzip(part, format)),
    ready: () => sources.builder.published && !isRefused,
    check: () => (barrier === null ? Promise.resolve(null) : pass(barrier).then(() => null, refusalOf)),
  };
}

function bodiesOf(sources: Sources): Readonly<Record<Part, Readonly<Record<Format, Body>>>> {
  const both = (part: Part) => ({
    text: new Body(part, 'text', sources),
    openmetrics: new Body(part, 'openmetrics', sources),
  });
  return { projects: both('projects'), exporter: both('exporter'), both: both('both') };
}

function refusalOf(error: unknown): ExporterError {
  if (error instanceof ExporterError) return error;
  throw error;
}
