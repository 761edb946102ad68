/** Promises that nobody handled, which no input may cause. */
import { afterAll, beforeAll } from 'vitest';

/** Called in a `describe`: the rejections that nobody handled during its tests, as they come. */
export function unhandledRejections(): readonly unknown[] {
  const found: unknown[] = [];
  const note = (error: unknown): void => void found.push(error);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => void process.removeListener('unhandledRejection', note));
  return found;
}
