/** Which project the queue of histories looks at next, where the state fails (docs/accounting.md, H4). */
import { expect, it } from 'vitest';
import { longestWait } from '../../src/accounting/histories/unverified.ts';
import { Queue } from '../../src/poller/verification/queue.ts';
import { EVERY_RUN, Harness, TIMING } from './harness.ts';

it('leaves a retry alone that is set while the state of another project fails', async () => {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.addProject('q');
  });
  const [p, q] = ['p', 'q'].map((id) => h.worker(id).ctx);
  if (p === undefined || q === undefined) throw new Error('not polled');
  p.state.nextDue = h.api.serverTime();
  const asked: number[] = [];
  h.store.dueRows = async (key) => {
    asked.push(key);
    h.pass(2);
    q.state.nextDue = h.api.serverTime() + longestWait(TIMING.poll);
    throw new Error('the state cannot be read');
  };
  const queue = new Queue(
    () => [p, q],
    p.deps,
    () => {},
  );
  expect(await queue.next(() => h.api.serverTime(), 0, false)).toBe(null);
  expect(asked).toEqual([p.state.key]);
});
