/** Accounts of a shared state that this process does not have any more are not shown as if somebody discovered for them. */
import { expect, it } from 'vitest';
import { ofConfigured } from '../../src/app/state.ts';
import type { AccountConfig } from '../../src/config/types.ts';
import type { SharedFacts } from '../../src/domain/replicas.ts';

const row = (name: string): SharedFacts['accounts'][number] => ({ name, up: true, lastSuccess: 1, projects: 6 });
const FACTS = { createdAt: 0, unowned: 0, bytes: 0, live: 0, deleted: 0 };

it('leaves out an account that was renamed', () => {
  const accounts = [{ name: 'eu' } as AccountConfig];
  const shown = ofConfigured({ ...FACTS, accounts: [row('default'), row('eu')] }, { accounts });
  expect(shown).toEqual({ ...FACTS, accounts: [row('eu')] });
});
