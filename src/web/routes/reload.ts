/** `/-/reload`: reloads the configuration, if enabled. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { ExporterError } from '../../domain/errors.ts';
import type { Logger } from '../../domain/logger.ts';
import type { Lifecycle } from '../../domain/serving.ts';
import { header, sendText } from '../answer.ts';

export type ReloadParts = { readonly lifecycle: Lifecycle; readonly isEnabled: boolean; readonly logger: Logger };

export async function reload(req: IncomingMessage, res: ServerResponse, parts: ReloadParts): Promise<void> {
  if (!parts.isEnabled) {
    return sendText(req, res, 403, 'Reloading over HTTP is off; start with --web.enable-lifecycle, or send SIGHUP.');
  }
  if (isFromAnotherSite(req)) return sendText(req, res, 403, 'Reloading is not possible from a page of another site.');
  try {
    await parts.lifecycle.reload();
    await sendText(req, res, 200, 'The configuration was read again.');
  } catch (error) {
    await sendFailure(req, res, error, parts.logger);
  }
}

/** Browsers say where a request comes from; other clients say nothing. */
function isFromAnotherSite(req: IncomingMessage): boolean {
  const site = header(req, 'sec-fetch-site');
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

async function sendFailure(req: IncomingMessage, res: ServerResponse, error: unknown, logger: Logger): Promise<void> {
  if (error instanceof ExporterError) return sendText(req, res, 500, `${error.message}\n${error.fix}`);
  logger.error('Reloading the configuration failed', { error });
  return sendText(req, res, 500, 'The configuration could not be read again; the log says why.');
}
