/** Request targets: in absolute form as proxies send them (RFC 9112, section 3.2.2), under the prefix of all paths, and those of scrapes. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Part } from '../../domain/serving.ts';
import { sendText } from '../answer.ts';

const ABSOLUTE = /^https?:\/\/[^/?#]*/i;

/** The path and query of a target in absolute form; any other target as it is. */
export function originForm(target: string): string {
  const [origin] = ABSOLUTE.exec(target) ?? [];
  if (origin === undefined) return target;
  const rest = target.slice(origin.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** What follows the prefix (empty, or like `/llamacloud`); null for a target outside of it. */
export function withoutPrefix(target: string, prefix: string): string | null {
  if (prefix === '') return target;
  return target.startsWith(`${prefix}/`) ? target.slice(prefix.length) : null;
}

/** Answers a target outside of the prefix: its root and the prefix without a slash lead to the status page, as in Prometheus. */
export function answerOutside(req: IncomingMessage, res: ServerResponse, prefix: string): Promise<void> {
  const [path = ''] = (req.url ?? '').split('?');
  if (path === '/' || path === prefix) {
    return sendText(req, res, 302, `The status page is at ${prefix}/.`, { Location: `${prefix}/` });
  }
  return sendText(req, res, 404, `Nothing is here; see ${prefix}/ for what there is.`);
}

/** Which part of the metrics a target asks for: the telemetry path both, its children `/projects` and `/exporter` one; null: none. */
export function partsBelow(telemetryPath: string): (target: string) => Part | null {
  const base = telemetryPath.replace(/\/$/, '');
  const parts = new Map<string, Part>([
    [telemetryPath, 'both'],
    [`${base}/projects`, 'projects'],
    [`${base}/exporter`, 'exporter'],
  ]);
  return (target) => {
    const query = target.indexOf('?');
    return parts.get(query === -1 ? target : target.slice(0, query)) ?? null;
  };
}
