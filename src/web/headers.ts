/** Security headers, which keep browsers from misusing our answers. */

/** On every answer. Raw pairs, as `writeHead` takes them. */
const ALWAYS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
};

/** Nothing but our own files; no inline script or style, no frame around the page, nowhere to send a form but here. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGES: Readonly<Record<string, string>> = {
  ...ALWAYS,
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export type HeaderSets = {
  /** For scrapes: as few as can be. */
  readonly scrape: readonly string[];
  readonly page: Readonly<Record<string, string>>;
};

/** With the headers of the web configuration, which win. */
export function headerSets(configured: Readonly<Record<string, string>>): HeaderSets {
  return { scrape: Object.entries({ ...ALWAYS, ...configured }).flat(), page: { ...PAGES, ...configured } };
}
