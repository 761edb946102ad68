/** When a member looks for the projects of one that has died. */
import { expect, it } from 'vitest';
import { nextLeaseEndMs } from '../../../../src/state/postgres/members/lease-ends.ts';

const NOW = 1_000_000_000;
const member = (id: string, endsInMs: number) => ({
  id,
  name: id,
  rules: 'rules',
  standsSince: 0,
  leaseUntil: NOW + endsInMs * 1000,
});

it('is just after the lease of another member that ends first', () => {
  const members = [member('self', 100), member('a', 9_000), member('b', 1_500)];
  expect(nextLeaseEndMs(members, 'self', NOW)).toBe(1_520);
});

it('leaves out leases that have ended: their projects can be claimed now', () => {
  expect(nextLeaseEndMs([member('a', -1), member('b', 0), member('c', 8_000)], 'self', NOW)).toBe(8_020);
});

it('is never where this member is alone', () => {
  expect(nextLeaseEndMs([member('self', 10_000)], 'self', NOW)).toBe(Number.POSITIVE_INFINITY);
});
