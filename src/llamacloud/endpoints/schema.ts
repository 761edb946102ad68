/** Wire shapes of the API: only the fields that are used, schema and inferred type under one name. Unknown fields are ignored. */
import { z } from 'zod';

/** Beyond it a count is no count: a million million tokens or turns in one run. */
const MAX_COUNT = 1e12;
/** Milliseconds; 31 years, so that microseconds stay exact. */
const MAX_DURATION_MS = 1e12;

/** What can be stored, compared and put into a URL: no control character, no half of a surrogate pair. */
const ID = /^[^\p{Cc}\p{Cs}]{1,256}$/u;
const Id = z.string().regex(ID);
const Count = z.int().min(0).max(MAX_COUNT).nullish();
const DurationMs = z.number().min(0).max(MAX_DURATION_MS).nullish();
const Text = z.string().nullish();
const Flag = z.boolean().nullish();

/** `usage` of a stop event, and the numbers of `job_metadata`. Absent and null mean the same. */
const Usage = z.object({
  duration_ms: DurationMs,
  total_input_tokens: Count,
  total_output_tokens: Count,
  turns: Count,
});
export type Usage = z.infer<typeof Usage>;

export const JobMetadata = Usage.extend({ error: Text, is_error: Flag });
export type JobMetadata = z.infer<typeof JobMetadata>;

/** One item of `GET /api/v1/chat`. Compiled: 100 items cost a sixth of their JSON.parse, interpreted they cost more than it. */
export const SessionItem = z.compile(
  z.object({
    session_id: Id,
    last_updated_at: z.string(),
    // Any value: bad entries cost themselves only (docs/accounting.md, L4).
    index_ids: z.unknown().optional(),
    job_metadata: JobMetadata.nullish(),
  }),
  { strict: true },
);
export type SessionItem = z.infer<typeof SessionItem>;

/** True for what could be an id of anything. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

/** The only field wanted of an item that is malformed elsewhere: so that its session counts as seen. */
export const IdentifiedItem = z.object({ session_id: Id });
export type IdentifiedItem = z.infer<typeof IdentifiedItem>;

/** The page around the items; these are validated one by one, and the token by itself, so that its fault costs no item. */
export const SessionList = z.object({ items: z.array(z.unknown()), next_page_token: z.unknown().optional() });
export type SessionList = z.infer<typeof SessionList>;

/** It goes into a URL: 8,192 characters at most. Absent, null or empty: there is no further page. */
export const PageToken = z
  .string()
  .max(8192)
  .refine((token) => token.isWellFormed())
  .nullish();

/** One project of `GET /api/v1/projects`. */
export const ProjectItem = z.object({
  id: Id,
  name: z.string(),
  organization_id: z.string(),
  is_default: Flag,
  created_at: Text,
});
export type ProjectItem = z.infer<typeof ProjectItem>;

/** The only field wanted of a project that is malformed elsewhere: so that it stays as it was. */
export const IdentifiedProject = z.object({ id: Id });
export type IdentifiedProject = z.infer<typeof IdentifiedProject>;

/** `GET /api/v1/projects`: a plain array; the entries are validated one by one. */
export const ProjectList = z.array(z.unknown());
export type ProjectList = z.infer<typeof ProjectList>;

/** A `stop` event of `GET /api/v1/chat/{session_id}`: one per finished run. */
export const StopEvent = z.object({ type: z.literal('stop'), error: Text, is_error: Flag, usage: Usage });
export type StopEvent = z.infer<typeof StopEvent>;
