/** An exporter that is killed again and again counts every run exactly once over SQLite. */
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { type Place, place, serve } from './exporter-process.ts';
import { countsThroughKills } from './kills.ts';

const KILLS = Number(process.env['KILLS'] ?? 40);

it(`counts every run once through ${KILLS} kills`, async () => {
  let here: Place | null = null;
  await countsThroughKills({ kills: KILLS, serve: (apiUrl) => serve((here ??= place(apiUrl))), lifeMs: 3000 });
  const db = new DatabaseSync((here as Place | null)?.state ?? '');
  expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  db.close();
}, 900_000);
