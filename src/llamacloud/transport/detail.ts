/** The API's reason for refusing a request (FastAPI's `detail`), reduced to what may be shown: a parameter and a reason. */
import { z } from 'zod';
import { type BodySink, encodingOf, requireJson, unpack } from './body.ts';
import type { Headers } from './headers.ts';

/** Of such a body no more is read, packed or unpacked. */
const DETAIL_LIMIT = 16 * 1024;
/** A quoted reason is cut to this many characters. */
const REASON_LENGTH = 200;

/** `parameter`: its name as the API spells it; `reason`: one clipped line. */
export type Detail = { readonly parameter: string; readonly reason: string };

const Item = z.object({ loc: z.array(z.union([z.string(), z.number()])).min(1), msg: z.string() });
const Body = z.object({ detail: z.union([z.string(), z.array(z.unknown())]) });

/** Parameters that are settings of ours: these names are looked for in a `detail` that is plain text. */
const OURS = ['page_size', 'organization_id', 'project_id'] as const;

/** Collects the start of the body of a refused request. Whatever is wrong with it, the status is the answer: it never throws. */
export function detailSink(headers: Headers): BodySink<Detail | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    isExtra: true,
    write(chunk) {
      size += chunk.length;
      if (size <= DETAIL_LIMIT) chunks.push(chunk);
    },
    async end() {
      if (size > DETAIL_LIMIT) return null;
      return readDetail(headers, Buffer.concat(chunks)).catch(() => null);
    },
  };
}

async function readDetail(headers: Headers, bytes: Buffer): Promise<Detail | null> {
  requireJson(headers);
  const encoding = encodingOf(headers);
  const text = encoding === null ? bytes : await unpack(bytes, encoding, DETAIL_LIMIT);
  const { detail } = Body.parse(JSON.parse(text.toString('utf8')));
  return typeof detail === 'string' ? detailOfText(detail) : detailOfList(detail);
}

function detailOfText(text: string): Detail | null {
  const parameter = OURS.find((name) => text.includes(name));
  return parameter === undefined ? null : { parameter, reason: clip(text) };
}

/** The first item about a parameter; the last step of its `loc` is the name. */
function detailOfList(items: readonly unknown[]): Detail | null {
  for (const item of items) {
    const { data } = Item.safeParse(item);
    const parameter = data?.loc.at(-1);
    if (data !== undefined && typeof parameter === 'string' && /^\w{1,64}$/.test(parameter)) {
      return { parameter, reason: clip(data.msg) };
    }
  }
  return null;
}

/** One line without control and format characters, line separators and halves of characters. */
function clip(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length > REASON_LENGTH ? `${characters.slice(0, REASON_LENGTH).join('')}...` : line;
}
