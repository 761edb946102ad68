/** Answers of the service before they go over the wire. */

/** What the service is about to send; faults may still change it. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** A body known whole, or made piece by piece while it is sent. */
export type Body = string | Buffer | Iterable<string | Buffer> | AsyncIterable<Buffer>;

/** An error that the service tells its client: the `{"detail": ...}` of FastAPI. */
export class Refusal extends Error {
  readonly status: number;
  readonly detail: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`${status}`);
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }
}

/** An answer of JSON text. */
export function jsonAnswer(text: Body, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: text };
}

/** The answer that a refusal becomes. */
export function refusalAnswer(refusal: Refusal): Answer {
  return jsonAnswer(JSON.stringify({ detail: refusal.detail }), refusal.status, refusal.headers);
}

/** 422 for one parameter, as FastAPI and Pydantic write it. */
export function unprocessable(name: string, type: string, msg: string, input: unknown): Refusal {
  return new Refusal(422, [{ type, loc: ['query', name], msg, input }]);
}

/** A body as one buffer. */
export async function gather(body: Body): Promise<Buffer> {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return Buffer.from(body);
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** The body, its bytes reported as they are made. */
export function measured(body: Body, report: (bytes: number) => void): Body {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return measuredPieces(body, report);
  report(Buffer.byteLength(body));
  return body;
}

async function* measuredPieces(
  body: Iterable<string | Buffer> | AsyncIterable<Buffer>,
  report: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const piece of body) {
    const bytes = Buffer.from(piece);
    report(bytes.length);
    yield bytes;
  }
}
