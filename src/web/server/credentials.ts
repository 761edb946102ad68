/** Basic authentication (RFC 7617) against bcrypt hashes. */
import { createHmac, randomBytes } from 'node:crypto';
import { verify } from '@node-rs/bcrypt';

/** `busy`: too many passwords are being checked already. */
export type Verdict = 'known' | 'unknown' | 'busy';

/** Credentials remembered as right; more than there are users, as one user may write them in several ways. */
const MOST_REMEMBERED = 256;
/** Passwords that wait for their check; each takes tens of milliseconds of one thread. */
const MOST_WAITING = 32;

/** bcrypt's salt and hash of nothing in particular: what the password of an unknown user is compared with. */
const NOBODY = 'QOeEsh9sHCSCTPLqQQWHkuoMZrRZvzC1Zn0s5bGcGvK4y2Nq7hZ6e';

/** Checks `Authorization` headers for one set of users; a change of users makes a new one, which remembers nothing. */
export class Credentials {
  readonly #users: ReadonlyMap<string, string>;
  readonly #nobody: string;
  /** Keyed hashes of headers that were right: the password itself is never kept. */
  readonly #right = new Set<string>();
  readonly #secret = randomBytes(32);
  readonly #checking = new Map<string, Promise<Verdict>>();
  /** One check after the other, so that guessing passwords takes one thread at most. */
  #last: Promise<unknown> = Promise.resolve();

  /** bcrypt hashes by user name; none: everybody is known. */
  constructor(users: Readonly<Record<string, string>>) {
    this.#users = new Map(Object.entries(users));
    this.#nobody = `$2y$${highestCost([...this.#users.values()])}$${NOBODY}`;
  }

  /** At once where nothing has to be computed. */
  check(authorization: string | undefined): Verdict | Promise<Verdict> {
    if (this.#users.size === 0) return 'known';
    if (authorization === undefined) return 'unknown';
    const key = createHmac('sha256', this.#secret).update(authorization).digest('base64');
    if (this.#right.has(key)) return 'known';
    const running = this.#checking.get(key);
    if (running !== undefined) return running;
    const given = parse(authorization);
    if (given === null) return 'unknown';
    if (this.#checking.size >= MOST_WAITING) return 'busy';
    return this.#begin(key, given);
  }

  #begin(key: string, given: Given): Promise<Verdict> {
    const check = this.#last.then(() => this.#compare(key, given)).finally(() => this.#checking.delete(key));
    this.#checking.set(key, check);
    this.#last = check;
    return check;
  }

  /** The same work whether the user exists or not, so that the time taken does not tell. */
  async #compare(key: string, { user, password }: Given): Promise<Verdict> {
    const hash = this.#users.get(user);
    const isRight = await verify(password, hash ?? this.#nobody).catch(() => false);
    if (!isRight || hash === undefined) return 'unknown';
    this.#remember(key);
    return 'known';
  }

  #remember(key: string): void {
    const [oldest] = this.#right;
    if (this.#right.size >= MOST_REMEMBERED && oldest !== undefined) this.#right.delete(oldest);
    this.#right.add(key);
  }
}

type Given = { readonly user: string; readonly password: string };

/** Null when the header is not of the form `Basic base64(user:password)`. */
function parse(authorization: string): Given | null {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Two digits, as they stand in a hash. */
function highestCost(hashes: readonly string[]): string {
  return (
    hashes
      .map((hash) => hash.slice(4, 6))
      .sort()
      .at(-1) ?? '10'
  );
}
