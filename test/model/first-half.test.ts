import { expect, it } from 'vitest';
import { playHalf } from './play.ts';

it('holds through the first half of sequences', async () => {
  await expect(playHalf(0)).resolves.toBeUndefined();
}, 1_200_000);
