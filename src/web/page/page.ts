/** The status page: the whole of it, and the part of it that is renewed every few seconds. */
import type { Status } from '../../domain/status.ts';
import { accounts } from './accounts.ts';
import { ASSETS, type AssetName } from './assets.ts';
import { ago, bytes } from './format.ts';
import { type Html, html } from './html.ts';
import { problemList } from './problems.ts';
import { projects } from './projects.ts';
import type { View } from './sort.ts';
import { summary } from './summary.ts';

/** Where the documentation is to be found. */
const DOCS_URL = 'https://www.npmjs.com/package/llamacloud-exporter';

const ACCOUNTING: Readonly<Record<Status['accounting'], string>> = {
  every_run: 'Every run is counted: at once where the session list shows it, else once the event history is read.',
  last_run: 'Only the last run of each session between two polls is counted; event histories are not read.',
};

/** How often the page renews itself: with its script, and without, seconds. */
const REFRESH_SECONDS = { script: 5, noscript: 15 } as const;

/** The links of a page at `/` are relative, so that it works behind a proxy that puts it below a path of its own. */
export type PageSettings = { readonly telemetryPath: string };

export function page(status: Status, view: View, settings: PageSettings): string {
  return html`<!doctype html>
<html lang="en">
<head>
${head('LlamaCloud exporter', '')}
<script src="${url('status.js')}" defer></script>
<noscript><meta http-equiv="refresh" content="${REFRESH_SECONDS.noscript}"></noscript>
</head>
<body>
<a class="skip" href="#projects">Skip to the projects</a>
${top(settings)}
<div class="notice" id="notice" role="status"></div>
<main id="live" data-seconds="${REFRESH_SECONDS.script}">${live(status, view)}</main>
</body>
</html>
`.text;
}

/** What the script fetches: the inside of `<main>`. The version tells it when to load the whole page again. */
export function fragment(status: Status, view: View): string {
  return live(status, view).text;
}

/** A page for what is not there; `base`: the way from its path up to `/`, such as `../`. */
export function notFoundPage(base: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
${head('Not found – LlamaCloud exporter', base)}
</head>
<body>
<main class="lost">
<h1>Nothing is here</h1>
<p>This exporter has no such page. What you look for may be on its <a href="${base}./">status page</a>.</p>
</main>
</body>
</html>
`.text;
}

function head(title: string, base: string): Html {
  return html`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="${base}${url('icon.svg')}">
<link rel="stylesheet" href="${base}${url('status.css')}">`;
}

function url(name: AssetName): string {
  return `assets/${name}?v=${ASSETS[name].hash}`;
}

function top({ telemetryPath }: PageSettings): Html {
  return html`<header class="top">
<h1><img src="${url('icon.svg')}" alt="" width="28" height="28"> LlamaCloud exporter</h1>
<nav aria-label="Links">
<a href="${telemetryPath.slice(1)}">Metrics</a>
<a href="api/v1/status">JSON</a>
<a href="-/healthy">Health</a>
<a href="-/ready">Readiness</a>
<a href="${DOCS_URL}" rel="noreferrer">Docs</a>
</nav>
<button id="pause" type="button" aria-pressed="false" hidden>Pause</button>
</header>`;
}

function live(status: Status, view: View): Html {
  return html`${summary(status)}
${problemList(status)}
${accounts(status)}
${projects(status, view)}
${about(status)}`;
}

function about({ version, revision, startedAt, now, ready, accounting, state }: Status): Html {
  return html`<footer class="about" id="about" data-assets="${ASSETS['status.js'].hash}${ASSETS['status.css'].hash}">
<p><span class="chip ${ready ? 'ok' : 'wait'}">${ready ? 'Ready' : 'Starting'}</span>
Version ${version} (${revision}), started <time datetime="${startedAt}" title="${startedAt}">${ago(startedAt, now)}</time>. ${ACCOUNTING[accounting]}</p>
<p>State ${state.location}, ${bytes(state.bytes)}, made <time datetime="${state.createdAt}" title="${state.createdAt}">${ago(state.createdAt, now)}</time>. As of <time datetime="${now}">${now.slice(0, 19).replace('T', ' ')} UTC</time>.</p>
</footer>`;
}
