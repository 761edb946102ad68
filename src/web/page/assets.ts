/** The page's own files. They change with the program only, so their address holds a hash and they are kept for a year. */
import { hash } from 'node:crypto';

import { ICON } from './icon.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { TABLE_STYLE } from './table-style.ts';

export type Asset = { readonly type: string; readonly body: string; readonly hash: string };

function asset(type: string, body: string): Asset {
  return { type, body, hash: hash('sha256', body, 'base64url').slice(0, 12) };
}

export const ASSETS = {
  'status.css': asset('text/css; charset=utf-8', STYLE + TABLE_STYLE),
  'status.js': asset('text/javascript; charset=utf-8', SCRIPT),
  'icon.svg': asset('image/svg+xml', ICON),
} as const satisfies Record<string, Asset>;
export type AssetName = keyof typeof ASSETS;
