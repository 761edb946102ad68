/** Where the facts of the project part come from: events of this process, or what the members of a shared state have committed. */
import { type Observer, SILENT } from '../../domain/observer.ts';
import type { SharedFacts } from '../../domain/replicas.ts';
import type { Common } from './common.ts';
import type { AccountFacts, Facts } from './facts.ts';

type CommonEvents = Pick<
  Observer,
  'accountKnown' | 'accountGone' | 'discoverySucceeded' | 'discoveryFailed' | 'stateMeasured'
>;

/** With a shared state the facts come from the database alone, so that every member shows the same. */
export const NO_EVENTS: CommonEvents = SILENT;

/** `isSwept`: whether a project that was swept completely has been put. */
export function commonEvents(common: Common, isSwept: () => boolean): CommonEvents {
  const setAccounts = (accounts: Facts['accounts']): void => common.change({ accounts });
  const change = (name: string, changes: Partial<AccountFacts>): void =>
    setAccounts(common.facts.accounts.map((account) => (account.name === name ? { ...account, ...changes } : account)));
  return {
    accountKnown: (name) => {
      const { accounts } = common.facts;
      if (accounts.some((account) => account.name === name)) return;
      setAccounts([...accounts, { name, up: null, lastSuccess: null, projects: null }]);
    },
    accountGone: (name) => setAccounts(common.facts.accounts.filter((account) => account.name !== name)),
    discoverySucceeded: (name, projects, at) => change(name, { up: true, lastSuccess: at, projects }),
    discoveryFailed: (name) => change(name, { up: false }),
    stateMeasured: (bytes, live, deleted) => common.change({ bytes, sessions: sessionsOf(live, deleted, isSwept()) }),
  };
}

/** What the members have committed. */
export function showShared(
  common: Common,
  { createdAt, accounts, unowned, ...state }: SharedFacts,
  isSwept: boolean,
): void {
  const { bytes, live, deleted } = state;
  common.change({ createdAt, accounts, unowned, bytes, sessions: sessionsOf(live, deleted, isSwept) });
}

/** How many sessions there are is not known before any was read, or a list was read to its end and was empty. */
function sessionsOf(live: number, deleted: number, isSwept: boolean): Facts['sessions'] {
  return isSwept || live + deleted > 0 ? { live, deleted } : null;
}
