/** Settings of an account for tests; imports no test runner, so that child processes can have them. */
import { type AccountSettings, DIRECT } from '../../src/llamacloud/index.ts';

export const KEY = 'llx-the-secret-key';
export const PROJECT = '11111111-2222-4333-8444-555555555555';

export function settingsFor(baseUrl: string): AccountSettings {
  return {
    name: 'acme',
    baseUrl,
    apiKey: { current: () => KEY, refresh: async () => KEY },
    organizationId: null,
    projectId: null,
    requestsPerMinute: 0,
    historyShare: 0.5,
    concurrency: 4,
    requestTimeoutMs: 5000,
    connection: DIRECT,
    pageSize: 100,
  };
}
