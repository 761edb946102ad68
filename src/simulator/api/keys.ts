/** API keys, and which projects each may see. */

import type { Project } from '../world/projects.ts';
import { Refusal } from './answers.ts';

/** Which projects a key may see. */
export interface KeyScope {
  readonly projectIds: readonly string[] | null;
}

/** The keys that the service accepts. Without any, every key that is not empty is accepted and sees everything. */
export class KeyRing {
  readonly #keys = new Map<string, KeyScope>();

  /** Accepts a key. */
  allow(key: string, scope: KeyScope = { projectIds: null }): void {
    this.#keys.set(key, scope);
  }

  /** Stops accepting a key. The last one cannot be revoked: without keys, any key would be accepted. */
  revoke(key: string): void {
    if (this.#keys.size <= 1) throw new Error('The last key cannot be revoked: without keys, any key is accepted.');
    this.#keys.delete(key);
  }

  /** The scope of a request's key; refuses with 401 as the service does. */
  scopeOf(authorization: string | undefined): KeyScope {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) throw unauthorized('Not authenticated');
    if (this.#keys.size === 0) return { projectIds: null };
    const scope = this.#keys.get(key);
    if (scope === undefined) throw unauthorized('Invalid authentication token');
    return scope;
  }
}

/** Whether a key of this scope sees the project. */
export function sees(scope: KeyScope, project: Project): boolean {
  return scope.projectIds === null || scope.projectIds.includes(project.id);
}

function unauthorized(detail: string): Refusal {
  return new Refusal(401, detail, { 'www-authenticate': 'Bearer' });
}
