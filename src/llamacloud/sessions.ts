/** A page of the session list: from JSON to validated sessions, bad items dropped one by one. */
import { INVALID_REASONS, type InvalidReason } from '../domain/polls.ts';
import type { Session } from '../domain/session.ts';
import type { InvalidItem, SessionPage } from '../domain/source.ts';
import { DAY, type Micros } from '../domain/time.ts';
import { UnreadableBody } from './body.ts';
import { runOf } from './figures.ts';
import { IdentifiedItem, SessionItem, SessionList } from './schema.ts';
import { parseTimestamp } from './timestamp.ts';

/** A session that claims to have been updated this much after server time is invalid. */
const FUTURE: Micros = DAY;
const NO_INDEXES: readonly string[] = [];

/** When the page was asked for and answered, in server time. */
export type PageTimes = Pick<SessionPage, 'serverTime' | 'requestedAt'>;

/** The page around the items, which are still to be validated. @throws UnreadableBody where it is none. */
export function sessionList(json: unknown): SessionList {
  const list = SessionList.safeParse(json);
  if (!list.success) throw new UnreadableBody('its body is no page of sessions');
  return list.data;
}

/** @throws UnreadableBody where more than half of the items are malformed (design.md, rule 7). */
export function sessionPage({ items, next_page_token }: SessionList, times: PageTimes): SessionPage {
  const sessions: Session[] = [];
  const invalid: InvalidItem[] = [];
  const latest = times.serverTime + FUTURE;
  for (const item of items) {
    const read = readItem(item, latest);
    if ('reason' in read) invalid.push(read);
    else sessions.push(read);
  }
  if (invalid.length > sessions.length) throw new UnreadableBody(mostlyMalformed(invalid, items.length));
  return { sessions, invalid, nextToken: next_page_token || null, ...times };
}

function readItem(item: unknown, latest: Micros): Session | InvalidItem {
  const parsed = SessionItem.safeParse(item);
  if (!parsed.success) return { reason: reasonOf(parsed.error.issues[0]?.path[0]), id: readableId(item) };
  const { session_id: id, last_updated_at, job_metadata, index_ids } = parsed.data;
  const updatedAt = parseTimestamp(last_updated_at);
  if (updatedAt === null) return { reason: 'last_updated_at', id };
  if (updatedAt > latest) return { reason: 'future', id };
  const run = job_metadata ? runOf(job_metadata) : null;
  return { id, updatedAt, run, indexIds: distinct(index_ids ?? NO_INDEXES) };
}

function distinct(ids: readonly string[]): readonly string[] {
  return ids.length < 2 ? ids : [...new Set(ids)];
}

function readableId(item: unknown): string | null {
  return IdentifiedItem.safeParse(item).data?.session_id ?? null;
}

/** `field`: where the first flaw lies; undefined: in the item as a whole. */
function reasonOf(field: PropertyKey | undefined): InvalidReason {
  return INVALID_REASONS.find((reason) => reason === field) ?? 'not_an_object';
}

function mostlyMalformed(invalid: readonly InvalidItem[], items: number): string {
  const reasons = [...new Set(invalid.map((item) => item.reason))].join(', ');
  return `${invalid.length} of its ${items} sessions are malformed (${reasons})`;
}
