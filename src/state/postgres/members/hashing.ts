/** Which member a project belongs with: rendezvous hashing, so that a member that comes or goes moves its own share only. Pure. */
import { crc32 } from 'node:zlib';

/** A live member, hashed. */
export type Candidate = { readonly id: string; readonly byName: number; readonly byId: number };

export function candidate({ id, name }: { readonly id: string; readonly name: string }): Candidate {
  return { id, byName: mix(crc32(name)), byId: mix(crc32(id)) };
}

/**
 * Id of the member that comes first for a project; null: there is none. The name decides, so that a member that restarts under its name
 * gets its projects back; members of one name share what is theirs by their ids.
 */
export function firstFor(candidates: readonly Candidate[], projectId: string): string | null {
  const project = crc32(projectId);
  let first: Candidate | null = null;
  let best = -1;
  for (const next of candidates) {
    const score = mix(next.byName ^ project);
    if (first !== null && (score < best || (score === best && !precedes(next, first, project)))) continue;
    first = next;
    best = score;
  }
  return first?.id ?? null;
}

function precedes(a: Candidate, b: Candidate, project: number): boolean {
  const [ofA, ofB] = [mix(a.byId ^ project), mix(b.byId ^ project)];
  return ofA === ofB ? a.id < b.id : ofA > ofB;
}

/** The finalizer of MurmurHash3: each bit of the input changes half of the bits of the result, an unsigned 32-bit integer. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
