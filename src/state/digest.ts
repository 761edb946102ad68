/**
 * What a session shows in one number of 53 bits: equal for two that show the same, different else but for one chance in 2^53. By it an
 * unchanged page is told from a changed one without reading its rows.
 */
import type { Row } from '../domain/row.ts';
import type { Figures, Session } from '../domain/session.ts';
import type { Micros } from '../domain/time.ts';

const WORD = 2 ** 32;
/** In place of a number; no number here has so high an upper half. */
const NULL = 0xa5a5a5a5;

/** Null: something is pending with the row, so it has to be read. */
export function digestOfRow(row: Row): number | null {
  const isPending = row.stale !== null || row.missingSince !== null || row.deletedAt !== null;
  return isPending ? null : digest(row.id, row.updatedAt, row.figures);
}

export function digestOfSession(session: Session): number {
  return digest(session.id, session.updatedAt, session.run === null ? null : session.run.figures);
}

function digest(id: string, updatedAt: Micros, f: Figures | null): number {
  const lanes = new Lanes(id);
  lanes.number(updatedAt);
  if (f !== null) {
    lanes.number(f.durationUs);
    lanes.number(f.inputTokens);
    lanes.number(f.outputTokens);
    lanes.number(f.turns);
    lanes.word(f.isError === null ? 2 : Number(f.isError));
    if (f.errorHash === null) lanes.word(NULL);
    else lanes.text(f.errorHash);
  }
  return lanes.end();
}

/** Two hashes of the same words side by side: FNV-1a with factors of their own, finished as in MurmurHash3. */
class Lanes {
  #a = 0x811c9dc5;
  #b = 0x9747b28c;

  constructor(start: string) {
    this.text(start);
  }

  word(word: number): void {
    const a = Math.imul(this.#a ^ word, 0x01000193);
    const b = Math.imul(this.#b ^ word, 0x5bd1e995);
    this.#a = a ^ (a >>> 15);
    this.#b = b ^ (b >>> 13);
  }

  number(value: number | null): void {
    if (value === null) return this.word(NULL);
    this.word(value >>> 0);
    this.word((value / WORD) >>> 0);
  }

  text(text: string): void {
    this.word(text.length);
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit, 0x5bd1e995);
    }
    this.#a = a ^ (a >>> 15);
    this.#b = b ^ (b >>> 13);
  }

  /** 32 bits of the one, 21 of the other. */
  end(): number {
    return finish(this.#a) * 2 ** 21 + (finish(this.#b) >>> 11);
  }
}

function finish(lane: number): number {
  let h = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
