/** A page of the session list: from JSON to validated sessions, bad items dropped one by one. */
import { INVALID_REASONS, type InvalidReason } from '../../domain/polls.ts';
import type { Session } from '../../domain/session.ts';
import type { InvalidItem, SessionPage } from '../../domain/source.ts';
import { DAY, type Micros } from '../../domain/time.ts';
import type { Arrival } from '../time/arrivals.ts';
import { parseTimestamp } from '../time/timestamp.ts';
import { UnreadableBody } from '../transport/body.ts';
import { malformedError } from '../transport/failure.ts';
import { runOf } from './figures.ts';
import { IdentifiedItem, isId, PageToken, SessionItem, SessionList } from './schema.ts';

/** A session that claims to have been updated this much after server time is invalid. */
const FUTURE: Micros = DAY;
/** Smaller pages do not fail for what is malformed on them. */
const SMALLEST_FAULTY = 10;
const NO_INDEXES: readonly string[] = [];

/** What a page consists of; the items are still to be validated. */
export type PageParts = {
  readonly items: readonly unknown[];
  /** Null: there is no further page, or nobody can ask for it. */
  readonly nextToken: string | null;
  readonly isTokenReadable: boolean;
};

/** @throws UnreadableBody where it is no page. */
export function pageParts(json: unknown): PageParts {
  const list = SessionList.safeParse(json);
  if (!list.success) throw new UnreadableBody('its body is not a page of sessions');
  const { items, next_page_token } = list.data;
  const token = PageToken.safeParse(next_page_token);
  return { items, nextToken: token.data || null, isTokenReadable: token.success };
}

/** Where more than half of the items of a larger page are malformed, or its token is, the page has a fault beside its good sessions. */
export function sessionPage(parts: PageParts, arrival: Omit<Arrival, 'reading'>): SessionPage {
  const { items, nextToken } = parts;
  const { serverTime, requestedAt, name } = arrival;
  const sessions: Session[] = [];
  const invalid: InvalidItem[] = [];
  for (const item of items) {
    const read = readSession(item, serverTime);
    if ('reason' in read) invalid.push(read);
    else sessions.push(read);
  }
  const why = faultOf(parts, invalid);
  const fault = why === null ? null : malformedError(name, why);
  return { sessions, invalid, nextToken, serverTime, requestedAt, fault };
}

function faultOf({ items, isTokenReadable }: PageParts, invalid: readonly InvalidItem[]): string | null {
  if (items.length >= SMALLEST_FAULTY && 2 * invalid.length > items.length)
    return mostlyMalformed(invalid, items.length);
  return isTokenReadable ? null : 'its next_page_token cannot be read';
}

/** Reads an item of the list, or the same fields of a history. Only its id, time and figures can make it invalid. */
export function readSession(item: unknown, serverTime: Micros): Session | InvalidItem {
  const parsed = SessionItem.safeParse(item);
  if (!parsed.success) return { reason: reasonOf(parsed.error.issues[0]?.path[0]), id: readableId(item) };
  const { session_id: id, last_updated_at, job_metadata, index_ids } = parsed.data;
  const updatedAt = parseTimestamp(last_updated_at);
  if (updatedAt === null) return { reason: 'last_updated_at', id };
  if (updatedAt > serverTime + FUTURE) return { reason: 'future', id };
  return { id, updatedAt, run: job_metadata ? runOf(job_metadata) : null, indexIds: indexIds(index_ids) };
}

/** Those entries that are ids, each once. */
function indexIds(value: unknown): readonly string[] {
  return Array.isArray(value) && value.length > 0 ? [...new Set(value.filter(isId))] : NO_INDEXES;
}

function readableId(item: unknown): string | null {
  return IdentifiedItem.safeParse(item).data?.session_id ?? null;
}

/** `field`: where the first flaw lies; undefined: in the item as a whole. */
function reasonOf(field: PropertyKey | undefined): InvalidReason {
  return INVALID_REASONS.find((reason) => reason === field) ?? 'not_an_object';
}

function mostlyMalformed(invalid: readonly InvalidItem[], items: number): string {
  const counts = new Map<InvalidReason, number>();
  for (const { reason } of invalid) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, n]) => `${reason}: ${n}`).join(', ');
  return `${invalid.length} of its ${items} sessions are malformed (${reasons})`;
}
