/** The files of the page: style, script and icon, each with the hash of its content, so that browsers may keep it for a year. */
import { hash } from 'node:crypto';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { TABLE_STYLE } from './table-style.ts';

/** The icon: a pulse in a speech bubble. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path d="M7 3h18a5 5 0 0 1 5 5v12a5 5 0 0 1-5 5H14l-6.3 4.7A1 1 0 0 1 6 28.9V25a4 4 0 0 1-4-4V8a5 5 0 0 1 5-5z" fill="#4c5fd5"/>
<path d="M6 15h4.5l2.5-6 4.5 11 3-7 1.5 2H26" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
`;

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
