/** Half of the sequences of the whole-exporter model; two files, so that two processes play at once. */
import { expect, it } from 'vitest';
import { playSequences } from './play.ts';

it('holds through the second half of sequences', async () => {
  await expect(playSequences(20_260_602, 60)).resolves.toBeUndefined();
}, 600_000);
