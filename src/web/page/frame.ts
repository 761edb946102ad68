/** The frame of all pages: head, links and files. */
import { ASSETS, type AssetName } from './assets/assets.ts';
import { type Html, html } from './html.ts';

/** Where the documentation is to be found. */
const DOCS_URL = 'https://www.npmjs.com/package/llamacloud-exporter';

/** Links are relative, so that pages work behind a proxy that puts them below a path of its own. */
export type PageSettings = { readonly telemetryPath: string };

export type Frame = {
  /** The way from the page's path to `/`: empty, or `../` for each step. */
  readonly base: string;
  readonly title: string;
  /** Where the skip link leads: an id, and what is there. */
  readonly skip: { readonly id: string; readonly label: string };
  /** Address of what the script renews, relative to the page, and how often the page is loaded again without it, seconds. */
  readonly renewal: { readonly url: string; readonly secondsWithoutScript: number };
  readonly settings: PageSettings;
};

export function framed({ base, title, skip, renewal, settings }: Frame, live: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
${head(title, base)}
<script src="${base}${assetUrl('status.js')}" defer></script>
<noscript><meta http-equiv="refresh" content="${renewal.secondsWithoutScript}"></noscript>
</head>
<body>
<a class="skip" href="#${skip.id}">${skip.label}</a>
${top(base, settings)}
<div class="notice" id="notice" role="status"></div>
<main id="live" data-url="${renewal.url}">${live}</main>
</body>
</html>
`.text;
}

/** A page for what is not there. `base`: the way from its path up to `/`. */
export function notFoundPage(base: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
${head('Not found – LlamaCloud exporter', base)}
</head>
<body>
<main class="lost">
<h1>Nothing is here</h1>
<p>This exporter has no such page. What you are looking for may be on its <a href="${base}./">status page</a>.</p>
</main>
</body>
</html>
`.text;
}

const ASSET_VERSION = `${ASSETS['status.js'].hash}${ASSETS['status.css'].hash}`;

/**
 * The end of what is renewed. It tells the script when to renew next, and when to load the whole page again: where the page's files are
 * of another version.
 */
export function footer(seconds: number, text: Html): Html {
  return html`<footer class="about" id="about" data-assets="${ASSET_VERSION}" data-seconds="${seconds}">
${text}
</footer>`;
}

function head(title: string, base: string): Html {
  return html`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="${base}${assetUrl('icon.svg')}">
<link rel="stylesheet" href="${base}${assetUrl('status.css')}">`;
}

function assetUrl(name: AssetName): string {
  return `assets/${name}?v=${ASSETS[name].hash}`;
}

function top(base: string, { telemetryPath }: PageSettings): Html {
  return html`<header class="top">
<p class="brand"><img src="${base}${assetUrl('icon.svg')}" alt="" width="28" height="28"> <a href="${base}./">LlamaCloud exporter</a></p>
<nav aria-label="Links">
<a href="${base}${telemetryPath.slice(1)}">Metrics</a>
<a href="${base}api/v1/status">JSON</a>
<a href="${base}-/healthy">Health</a>
<a href="${base}-/ready">Readiness</a>
<a href="${DOCS_URL}" rel="noreferrer">Docs</a>
</nav>
<button id="pause" type="button" aria-pressed="false" hidden>Pause</button>
</header>`;
}
