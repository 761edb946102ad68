/** When a refused request is a matter of its project alone, and not of the whole account. */
import { describe, expect, it } from 'vitest';
import { RefusedProjects } from '../../../src/llamacloud/limiter/refused-projects.ts';

describe('a project is refused alone', () => {
  it('where others are served meanwhile', () => {
    const refused = new RefusedProjects();
    expect(refused.isAlone('a')).toBe(false);
    expect(refused.isAlone('a')).toBe(false);
    refused.answered('b');
    expect(refused.isAlone('a')).toBe(true);
    expect(refused.isAlone('a')).toBe(true);
  });

  it('until it is served itself', () => {
    const refused = new RefusedProjects();
    refused.isAlone('a');
    refused.answered('b');
    refused.answered('a');
    expect(refused.isAlone('a')).toBe(false);
  });

  it('but not where another is refused in between', () => {
    const refused = new RefusedProjects();
    refused.isAlone('a');
    refused.isAlone('b');
    refused.answered('c');
    expect(refused.isAlone('a')).toBe(false);
    expect(refused.isAlone('b')).toBe(false);
  });
});
