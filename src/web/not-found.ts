/** The 404 answer. */
import type { Request, Response } from 'express';

import { HTML, send, sendText } from './answer.ts';
import { notFoundPage } from './page/frame.ts';

/** A page for browsers, one line for other clients. */
export function notFound(req: Request, res: Response): Promise<void> {
  const depth = Math.max(0, req.path.split('/').length - 2);
  const wantsPage = req.headers.accept?.includes('text/html') ?? false;
  if (wantsPage) return send(req, res, { status: 404, type: HTML, body: notFoundPage('../'.repeat(depth)) });
  return sendText(req, res, 404, 'Nothing is here; see / for what there is.');
}
