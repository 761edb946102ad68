/** An app of which nothing is there, for entries that replace the part that they are about. */
import type { Parts } from '../../../src/commands/parts.ts';

type AppParts = Awaited<ReturnType<Parts['app']>>;

const absent = (): Promise<never> => Promise.reject(new Error('not here'));

/** The program's parts, with what `app` replaces. */
export function partsWith(app: Partial<AppParts>): Parts {
  const whole: AppParts = {
    createApp: absent,
    runOnce: absent,
    createSources: () => [],
    checkState: async () => null,
    renewState: async () => ({ location: '', projects: 0 }),
    ...app,
  };
  return { app: () => Promise.resolve(whole), simulator: absent };
}
