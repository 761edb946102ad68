/** The program with an app that misbehaves as the environment asks: stops never, fails at the start, later, or unexpectedly. */
import type { App } from '../../../src/app.ts';
import { run } from '../../../src/cli.ts';
import { ExporterError } from '../../../src/domain/errors.ts';
import { partsWith } from './absent-app.ts';

const asked = (name: string): boolean => process.env[name] !== undefined;
const never = (): Promise<never> => new Promise(() => {});
const quietly = asked('FAIL_START') || asked('FAIL_LATER');

const app: App = {
  async start() {
    process.stdout.write('started\n');
    if (asked('FAIL_START')) throw new ExporterError('startup', 'cannot open the thing', 'Open it by hand.');
    if (asked('FAIL_UNEXPECTED')) setTimeout(() => JSON.parse(`${process.env['LLAMA_CLOUD_API_KEY']} {`), 10);
  },
  addresses: () => [],
  reload: never,
  stop: () => (quietly ? Promise.resolve() : never()),
  failed: asked('FAIL_LATER')
    ? Promise.resolve(new ExporterError('state', 'the disk went away', 'Bring it back.'))
    : new Promise(() => {}),
};

process.exit(await run(process.argv.slice(2), partsWith({ createApp: () => Promise.resolve(app) })));
