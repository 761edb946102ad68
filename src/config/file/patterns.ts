/**
 * Validates the regular expressions of error classes. They meet texts that strangers write, on the event loop, so one that can backtrack
 * without end must not pass. The rules are conservative and need no clock:
 * 1. what is repeated more than twice may hold neither another repetition nor a choice (exponential time otherwise, like `(a+)+`);
 * 2. at most two repetitions without bound (or of more than 100) may follow each other in one alternative (time grows with the power of their number);
 * 3. no back reference.
 */

const MANY = 2;
/** A repetition beyond this counts as one without bound. */
const LONG = 100;
const MOST_UNBOUNDED = 2;

/** What one alternative of a group holds. */
type Scope = { unbounded: number; worst: number; varies: boolean; choice: boolean };
type Closed = { unbounded: number; nested: boolean };

const scope = (): Scope => ({ unbounded: 0, worst: 0, varies: false, choice: false });

/** Why the pattern is not taken, as the end of a sentence; null when it is fine. */
export function patternFault(source: string): string | null {
  if (source === '') return 'it is empty and would match every text';
  return syntaxFault(source) ?? catastrophe(source);
}

function syntaxFault(source: string): string | null {
  try {
    RegExp(source, 'i');
    return null;
  } catch (error) {
    return `it is not a regular expression (${reason(error)})`;
  }
}

/** V8 says `Invalid regular expression: /x(/i: Unterminated group`: only the last part is news. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(message.lastIndexOf(': ') + 2).toLowerCase();
}

const NESTED = 'it repeats a group that itself repeats or offers a choice: some texts would keep it busy for minutes';
const TOO_MANY = `it has more than ${MOST_UNBOUNDED} repetitions without bound (*, + or {n,}): some texts would keep it busy for minutes; write .{0,40} for .*`;
const BACK_REFERENCE = 'it has a back reference: some texts would keep it busy for minutes';

/** The parts of a valid pattern: escapes, classes, group ends, choices, quantifiers, and everything else one by one. */
const PARTS =
  /\\k<|\\[1-9]|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?(?::|<?[=!]|<[^>]*>|[a-z-]+:))?|\)|\||[*+?]\??|\{(\d+)(?:,(\d*))?\}\??|[\s\S]/g;

function catastrophe(source: string): string | null {
  const open: Scope[] = [scope()];
  let atom: Closed = { unbounded: 0, nested: false };
  for (const match of source.matchAll(PARTS)) {
    const part = match[0];
    const inside = open.at(-1) as Scope;
    if (part === '\\k<' || /^\\[1-9]$/.test(part)) return BACK_REFERENCE;
    if (part.startsWith('(')) open.push(scope());
    else if (part === ')') atom = close(open);
    else if (part === '|') choose(inside);
    else {
      const repetition = repeats(part, match);
      if (repetition === null) atom = { unbounded: 0, nested: false };
      else if (atom.nested && repetition.most > MANY) return NESTED;
      else repeat(inside, repetition, atom);
    }
    if ((open[0] as Scope).unbounded > MOST_UNBOUNDED) return TOO_MANY;
  }
  return null;
}

/** A quantifier's bounds; null when the part is none. */
function repeats(part: string, match: RegExpExecArray): { least: number; most: number } | null {
  if (part.startsWith('*')) return { least: 0, most: Infinity };
  if (part.startsWith('+')) return { least: 1, most: Infinity };
  if (part.startsWith('?')) return { least: 0, most: 1 };
  const [, least, most] = match;
  if (least === undefined) return null;
  if (most === undefined) return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: most === '' ? Infinity : Number(most) };
}

function repeat(inside: Scope, { least, most }: { least: number; most: number }, atom: Closed): void {
  if (most !== least) inside.varies = true;
  if (most > LONG) inside.unbounded += 1;
  else if (most > 1) inside.unbounded += atom.unbounded * (most - 1);
}

/** A choice begins a new alternative: only one of them runs at a time. */
function choose(inside: Scope): void {
  inside.choice = true;
  inside.worst = Math.max(inside.worst, inside.unbounded);
  inside.unbounded = 0;
}

/** Ends a group and adds what it holds to the group around it. */
function close(open: Scope[]): Closed {
  const inside = open.pop() as Scope;
  const around = open.at(-1) as Scope;
  const unbounded = Math.max(inside.worst, inside.unbounded);
  around.unbounded += unbounded;
  around.varies ||= inside.varies;
  around.choice ||= inside.choice;
  return { unbounded, nested: inside.varies || inside.choice };
}
