import { expect, it } from 'vitest';
import { playHalf } from './play.ts';

it('holds through the second half of sequences', async () => {
  await expect(playHalf(1)).resolves.toBeUndefined();
}, 1_200_000);
