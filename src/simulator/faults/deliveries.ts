/** Faults of the way over the wire: hanging, reset, cut and slow answers. */
import { z } from 'zod';

/** Faults of the way an answer goes over the wire. */
export const Delivery = z.discriminatedUnion('kind', [
  /** Nothing comes, or half of the body and then nothing, until the client or the service gives up. */
  z.strictObject({ kind: z.literal('hang'), where: z.enum(['headers', 'body']).default('headers') }),
  /** The connection is reset: before the headers, or after so many bytes of the body. */
  z.strictObject({ kind: z.literal('reset'), after_bytes: z.int().min(0).default(0) }),
  /** Part of the body only: the connection ends too early (`broken`), or all looks well but the text (`valid`). */
  z.strictObject({
    kind: z.literal('truncate'),
    keep: z.number().min(0).max(1).default(0.5),
    framing: z.enum(['broken', 'valid']).default('broken'),
  }),
  /** The body comes slowly. */
  z.strictObject({ kind: z.literal('drip'), bytes_per_second: z.number().positive() }),
]);
export type Delivery = z.output<typeof Delivery>;
