/** Waiting in a test for something that other work brings about. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until `holds` answers true; after so many seconds it throws an error that names `what`. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(50);
  }
}
