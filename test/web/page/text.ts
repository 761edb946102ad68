/** The fragment of the status page as text, for tests that need no browser. */
import type { Status } from '../../../src/domain/status.ts';
import { fragment } from '../../../src/web/page/overview/page.ts';
import { parseView } from '../../../src/web/page/overview/sort.ts';
import { statusFixture } from '../fixtures.ts';

/** The HTML that a browser would get. */
export const shown = (change: Partial<Status>, query = ''): string =>
  fragment(statusFixture(change), parseView(new URLSearchParams(query)));

/** What `pattern` captures first, without tags and needless blanks. */
export function textOf(page: string, pattern: RegExp): string {
  return (pattern.exec(page)?.[1] ?? '')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
