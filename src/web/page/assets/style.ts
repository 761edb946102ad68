/** The style sheet of the pages, without the table of projects. */

/** Colours and the parts of the page but the table. Every pair of text and background has a contrast of at least 4.5. */
export const STYLE = `:root {
  color-scheme: light dark;
  --bg: #f5f6fa; --card: #ffffff; --text: #171a21; --soft: #565e6c; --line: #e2e5ec; --accent: #3f51c7; --track: #e2e5ec;
  --ok: #0f6334; --ok-bg: #e0f3e7; --bad: #a01818; --bad-bg: #fde6e6; --wait: #6b4700; --wait-bg: #fdf0cf;
  --shadow: 0 1px 2px rgb(20 25 40 / 6%), 0 2px 8px rgb(20 25 40 / 4%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #0e1116; --card: #171b22; --text: #e7eaf0; --soft: #9da6b5; --line: #272d38; --accent: #9aa8ff; --track: #2b323e;
    --ok: #7fdca4; --ok-bg: #12301f; --bad: #ffa3a3; --bad-bg: #3d181a; --wait: #f2cd7a; --wait-bg: #362a0d;
    --shadow: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 clamp(12px, 3vw, 32px) 32px; max-width: 1440px;
  background: var(--bg); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
h1, h2, h3, p, ul, dl, dd { margin: 0; padding: 0; }
h1 { font-size: 22px; display: flex; flex-wrap: wrap; align-items: center; gap: 10px; letter-spacing: -.01em; overflow-wrap: anywhere; min-width: 0; }
h1 bdi { min-width: 0; }
.brand { font-size: 18px; font-weight: 650; display: flex; align-items: center; gap: 10px; }
.brand a { color: inherit; text-decoration: none; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
h2 { font-size: 16px; letter-spacing: -.005em; }
h3 { font-size: 15px; display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
a { color: var(--accent); text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
time { white-space: nowrap; }

.skip { position: absolute; left: -999px; }
.skip:focus { left: 12px; top: 8px; padding: 6px 12px; background: var(--card); z-index: 1; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 20px; padding: 18px 0 14px; }
.top nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-left: auto; }
.top nav a { padding: 4px 0; text-decoration: none; }
.top nav a:hover { text-decoration: underline; }
button, input, select, .toggle {
  font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 4px 12px;
}
button { cursor: pointer; }
button:hover, .toggle:hover { border-color: var(--accent); }
.toggle { text-decoration: none; white-space: nowrap; }
select { max-width: 60vw; }
.js button.plain, button.copy { display: none; }
.js button.copy { display: inline-block; padding: 0 8px; font-size: 13px; color: var(--accent); }
button[hidden] { display: none; }
.notice:not(:empty) { background: var(--wait-bg); color: var(--wait); border-radius: 10px; padding: 10px 14px; margin-bottom: 14px; }

section { margin-top: 26px; }
.tiles { display: grid; gap: 12px; grid-template-columns: repeat(6, minmax(0, 1fr)); }
@media (max-width: 1060px) { .tiles { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
@media (max-width: 560px) {
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .tile { padding: 10px 12px; }
  .figure { font-size: 20px; }
  .brand { flex: 1; min-width: 0; white-space: nowrap; }
  .top nav { order: 1; width: 100%; margin: 0; }
}
.tile, .card, table { background: var(--card); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); }
.tile { padding: 12px 16px; }
.tile dt { color: var(--soft); font-size: 13px; }
.figure { display: block; font-size: 24px; line-height: 1.3; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.figure .left { font-weight: 400; letter-spacing: 0; line-height: 1.5; }
.note { color: var(--soft); font-size: 13px; }
.tile .spark { display: block; margin-top: 4px; }
.verdict { border-radius: 12px; padding: 12px 16px; overflow-wrap: anywhere; }
.verdict a { color: inherit; }
.verdict.ok { color: var(--ok); background: var(--ok-bg); }
.verdict.bad { color: var(--bad); background: var(--bad-bg); }
.verdict.wait { color: var(--wait); background: var(--wait-bg); }
.names { display: flex; flex-wrap: wrap; gap: 2px 14px; margin-top: 4px; font-size: 14px; }
.names a { max-width: 100%; }
#problems + .tiles, .verdict + .tiles, .project-head + .tiles { margin-top: 20px; }
.exactness { margin-top: 12px; color: var(--soft); font-size: 14px; }
.exactness .chip { margin-right: 6px; }
.tile.bad .note { color: var(--bad); font-weight: 600; }

.cards { list-style: none; display: grid; gap: 12px; margin-top: 10px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); }
.card { padding: 14px 16px; min-width: 0; overflow-wrap: anywhere; }
.problem.open { border-left: 4px solid var(--bad); }
.problem.over { color: var(--soft); }
.problem p { margin-top: 6px; }
.when, .url, .calm { color: var(--soft); font-size: 14px; }
.calm { margin-top: 10px; }
details { margin-top: 12px; }
summary { cursor: pointer; color: var(--soft); width: fit-content; }
.lines, .classes { list-style: none; margin-top: 10px; }
.account, .member { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 18px; padding: 6px 0; overflow-wrap: anywhere; }
.account > *, .member > * { min-width: 0; }
.account + .account, .member + .member { border-top: 1px solid var(--line); }
.glossary { margin-top: 8px; font-size: 14px; }
.glossary div { padding: 2px 0; }
.glossary dt { display: inline; font-weight: 600; }
.glossary dd { display: inline; color: var(--soft); }
.back { margin-bottom: 6px; }
.project-head .note { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 14px; margin-top: 6px; overflow-wrap: anywhere; }
.project-head .note > * { min-width: 0; }
code { font: 13px/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.classes { display: flex; flex-wrap: wrap; gap: 6px 10px; }
.classes li { padding: 2px 12px; border: 1px solid var(--line); border-radius: 999px; background: var(--card); overflow-wrap: anywhere; }
.classes a { text-decoration: none; }
.classes a:hover { text-decoration: underline; }
.tabs { display: flex; flex-wrap: wrap; gap: 6px; margin-bottom: 8px; }
.tabs a { padding: 4px 12px; border: 1px solid var(--line); border-radius: 999px; background: var(--card); text-decoration: none; }
.tabs a:hover { border-color: var(--accent); }
.tabs a[aria-current] { border-color: var(--accent); font-weight: 600; }
.sessions > .note { margin-bottom: 8px; }
.paging { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-top: 12px; color: var(--soft); }

.chip { display: inline-block; border-radius: 999px; padding: 1px 10px; font-size: 13px; font-weight: 600; line-height: 1.55; white-space: nowrap; }
.chip.ok { color: var(--ok); background: var(--ok-bg); }
.chip.bad { color: var(--bad); background: var(--bad-bg); }
.chip.wait { color: var(--wait); background: var(--wait-bg); }
.about { margin-top: 28px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
.about p + p { margin-top: 6px; }
.lost { padding: 15vh 0; text-align: center; }
.lost h1 { justify-content: center; margin-bottom: 8px; }
`;
