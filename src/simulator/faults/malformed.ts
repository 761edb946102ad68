/** Items that a client cannot read: sessions in lists, projects in discovery. */
import { z } from 'zod';

/** Makes chosen items unreadable for as long as the fault is on; `ids`: of sessions, or ids or names of projects; all if left out. */
export const Malformed = z.strictObject({
  kind: z.literal('malformed'),
  ids: z.array(z.string()).min(1).optional(),
  form: z.enum([
    'no_id',
    'number_id',
    'null_name',
    'no_time',
    'bad_time',
    'negative_tokens',
    'text_metadata',
    'null_item',
    'text_item',
  ]),
});
type Malformed = z.output<typeof Malformed>;

type Item = Readonly<Record<string, unknown>>;

/** The page, list or single object with the chosen items malformed. */
export function withMalformed(json: unknown, fault: Malformed): unknown {
  const change = (item: unknown): unknown => (isChosen(item, fault) ? malformed(item, fault.form) : item);
  if (Array.isArray(json)) return json.map(change);
  const page = json as { readonly items?: readonly unknown[] };
  return Array.isArray(page.items) ? { ...page, items: page.items.map(change) } : change(json);
}

function isChosen(item: unknown, { ids }: Malformed): item is Item {
  if (typeof item !== 'object' || item === null) return false;
  const { session_id, id, name } = item as Item;
  return ids === undefined || [session_id, id, name].some((known) => ids.some((wanted) => wanted === known));
}

function malformed(item: Item, form: Malformed['form']): unknown {
  const idKey = 'session_id' in item ? 'session_id' : 'id';
  switch (form) {
    case 'no_id':
      return Object.fromEntries(Object.entries(item).filter(([key]) => key !== idKey));
    case 'number_id':
      return { ...item, [idKey]: 42 };
    case 'null_name':
      return { ...item, name: null };
    case 'no_time':
      return { ...item, last_updated_at: null };
    case 'bad_time':
      return { ...item, last_updated_at: 'yesterday' };
    case 'negative_tokens':
      return { ...item, job_metadata: { ...(item['job_metadata'] as Item | null), total_input_tokens: -1 } };
    case 'text_metadata':
      return { ...item, job_metadata: 'none' };
    case 'null_item':
      return null;
    case 'text_item':
      return 'none';
    default:
      return form satisfies never;
  }
}
