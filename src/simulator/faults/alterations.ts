/** Faults that change a correct answer after it was made: headers, JSON, page tokens. */
import { z } from 'zod';
import type { Answer } from '../api/answers.ts';
import { wholeBody } from '../api/answers.ts';
import { pageNumber, readToken, writeToken } from '../api/page-tokens.ts';
import { listNameOf } from '../api/requests.ts';
import type { Key } from '../world/types.ts';
import type { FaultContext } from './context.ts';
import { edited, withDuplicateKeys, withInvalidUtf8, withWrongTypes } from './edits.ts';
import { Malformed, withMalformed } from './malformed.ts';

/** Changes to a correct answer. Those that edit JSON leave other answers alone. */
export const Alteration = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('content_type'), value: z.string() }),
  z.strictObject({
    kind: z.literal('headers'),
    set: z.record(z.string(), z.string()).default({}),
    remove: z.array(z.string()).default([]),
  }),
  z.strictObject({ kind: z.literal('replace_text'), find: z.string(), with: z.string() }),
  z.strictObject({ kind: z.literal('invalid_utf8'), field: z.string().default('generated_title') }),
  z.strictObject({ kind: z.literal('duplicate_keys') }),
  /** Sets the value at a path such as `items.*.job_metadata.turns`, as JSON or as raw text. */
  z.strictObject({ kind: z.literal('set'), path: z.string(), value: z.unknown().optional() }),
  z.strictObject({ kind: z.literal('set_raw'), path: z.string(), raw: z.string() }),
  z.strictObject({ kind: z.literal('remove'), path: z.string() }),
  z.strictObject({ kind: z.literal('wrong_types') }),
  z.strictObject({ kind: z.literal('nan'), path: z.string().default('items.*.job_metadata.total_input_tokens') }),
  Malformed,
  z.strictObject({ kind: z.literal('repeat_token') }),
  /** A new token on every page. At the end the list begins again (`again`); or each page is the same one, or empty. */
  z.strictObject({ kind: z.literal('endless_tokens'), items: z.enum(['again', 'same', 'none']).default('again') }),
  z.strictObject({ kind: z.literal('empty_page') }),
]);
export type Alteration = z.output<typeof Alteration>;

/** The answer with the fault in it. */
export async function alter(fault: Alteration, answer: Answer, context: FaultContext): Promise<Answer> {
  switch (fault.kind) {
    case 'content_type':
      return { ...answer, headers: { ...answer.headers, 'content-type': fault.value } };
    case 'headers':
      return { ...answer, headers: changedHeaders(answer.headers, fault) };
    case 'replace_text':
      return { ...answer, body: (await wholeBody(answer.body)).toString().replaceAll(fault.find, fault.with) };
    case 'invalid_utf8':
      return { ...answer, body: withInvalidUtf8(await wholeBody(answer.body), fault.field) };
    case 'duplicate_keys':
      return onJson(answer, withDuplicateKeys);
    case 'set':
      return onJson(answer, (page) => edited(page, fault.path, JSON.stringify(fault.value ?? null)));
    case 'set_raw':
      return onJson(answer, (page) => edited(page, fault.path, fault.raw));
    case 'remove':
      return onJson(answer, (page) => edited(page, fault.path, null));
    case 'wrong_types':
      return onJson(answer, withWrongTypes);
    case 'nan':
      return onJson(answer, (page) => edited(page, fault.path, 'NaN'));
    case 'malformed':
      return onJson(answer, (json) => JSON.stringify(withMalformed(json, fault)));
    case 'repeat_token':
      return onPage(answer, (page) => ({
        ...page,
        next_page_token: context.call.pageToken ?? page['next_page_token'],
      }));
    case 'endless_tokens':
      return onPage(answer, (page) => endless(page, fault.items, context));
    case 'empty_page':
      return onPage(answer, (page) => ({ ...page, items: [], next_page_token: samePlace(context) }));
    default:
      return fault satisfies never;
  }
}

type Page = Record<string, unknown>;

function endless(page: Page, items: 'again' | 'same' | 'none', context: FaultContext): Page {
  if (items === 'none') return { ...page, items: [], next_page_token: samePlace(context) };
  if (items === 'same') return { ...page, next_page_token: samePlace(context) };
  return { ...page, next_page_token: page['next_page_token'] ?? freshToken(context, null) };
}

/** A new token for the place where the current page begins. */
function samePlace(context: FaultContext): string {
  const { pageToken } = context.call;
  return freshToken(context, pageToken === null ? null : (readToken(pageToken)?.after ?? null));
}

function freshToken({ call, world, state }: FaultContext, after: Key | null): string {
  state.nonce += 1;
  const page = pageNumber(call.pageToken) + 1;
  return writeToken({ list: listNameOf(call), after, issuedAt: world.clock.now(), page, nonce: state.nonce });
}

function changedHeaders(
  headers: Answer['headers'],
  fault: { set: Record<string, string>; remove: string[] },
): Answer['headers'] {
  const kept = Object.entries(headers).filter(([name]) => !fault.remove.includes(name));
  return { ...Object.fromEntries(kept), ...fault.set };
}

async function onJson(answer: Answer, edit: (json: unknown) => string): Promise<Answer> {
  if (answer.status !== 200) return answer;
  return { ...answer, body: edit(JSON.parse((await wholeBody(answer.body)).toString())) };
}

async function onPage(answer: Answer, edit: (page: Page) => Page): Promise<Answer> {
  return onJson(answer, (json) => JSON.stringify(Array.isArray(json) ? json : edit(json as Page)));
}
