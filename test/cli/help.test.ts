/** The help of every command as a snapshot, never wider than 100 characters, and the version line. */
import { describe, expect, test } from 'vitest';

import { run } from './program.ts';

describe('help', () => {
  test.each(['', 'serve', 'once', 'check', 'state', 'simulate', 'demo', 'completion'])(
    'of "%s" reads well',
    async (command) => {
      const { code, stdout, stderr } = await run(command === '' ? ['--help'] : [command, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatchSnapshot();
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    },
  );

  test('the version is printed like its family', async () => {
    const { code, stdout } = await run(['--version'], { env: { LLAMACLOUD_EXPORTER_REVISION: 'abc1234' } });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^llamacloud-exporter, version \d+\.\d+\.\d+ \(revision: abc1234\)\n {2}node version: v26\./,
    );
    expect((await run(['serve', '--version'])).stdout).toMatch(/^llamacloud-exporter, version /);
  });
});
