/** The style sheet of the table of projects. */

/** The table of projects: a table where there is room, cards where there is not. */
export const TABLE_STYLE = `
.title { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 20px; margin-bottom: 10px; }
form { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; color: var(--soft); }
.field { display: inline-flex; align-items: center; gap: 8px; }
input[type="search"] { width: 14em; max-width: 60vw; }
input::placeholder { color: var(--soft); opacity: 1; }
table { width: 100%; border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: 9px 12px; text-align: left; font-weight: inherit; vertical-align: middle; white-space: nowrap; }
.number { text-align: right; }
thead th { font-size: 13px; color: var(--soft); border-bottom: 1px solid var(--line); }
thead a { color: inherit; text-decoration: none; }
thead a:hover { color: var(--accent); text-decoration: underline; }
thead [aria-sort="ascending"].text a::after, thead [aria-sort="ascending"].number a::before { content: "\\2191\\00a0"; }
thead [aria-sort="descending"].text a::after, thead [aria-sort="descending"].number a::before { content: "\\2193\\00a0"; }
thead .text a::after { margin-left: 4px; }
thead [aria-sort="ascending"], thead [aria-sort="descending"] { color: var(--accent); font-weight: 600; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody tr:hover > * { background: color-mix(in srgb, var(--accent) 5%, transparent); }
tbody tr:last-child > :first-child { border-bottom-left-radius: 12px; }
tbody tr:last-child > :last-child { border-bottom-right-radius: 12px; }
.name { white-space: normal; overflow-wrap: anywhere; min-width: 160px; max-width: 360px; }
.project { font-weight: 600; color: inherit; }
.project:hover { color: var(--accent); }
.spark { width: 60px; height: 16px; vertical-align: -2px; fill: none; stroke-width: 1.5; border-bottom: 1px solid var(--track); }
.spark .ran { stroke: var(--accent); }
.spark .failed { stroke: var(--bad); }
.class { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
.project, .id { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.id { color: var(--soft); font-size: 12px; }
.left { color: var(--soft); font-size: 13px; }
.left { display: block; }
progress { appearance: none; display: block; width: 100%; min-width: 110px; height: 8px; border: 0; border-radius: 4px; background: var(--track); color: var(--accent); overflow: hidden; }
progress::-webkit-progress-bar { background: var(--track); }
progress::-webkit-progress-value { background: var(--accent); border-radius: 4px; transition: width .4s; }
progress::-moz-progress-bar { background: var(--accent); border-radius: 4px; }
progress:indeterminate { background: linear-gradient(90deg, var(--track) 30%, var(--accent) 50%, var(--track) 70%) 0 0 / 200% 100%; animation: run 1.6s linear infinite; }
progress:indeterminate::-webkit-progress-bar { background: transparent; }
progress:indeterminate::-moz-progress-bar { background: transparent; }
@keyframes run { from { background-position: 100% 0; } to { background-position: -100% 0; } }
@media (prefers-reduced-motion: reduce) { progress:indeterminate { animation: none; } progress::-webkit-progress-value { transition: none; } }

@media (max-width: 1360px) {
  table, thead, tbody { display: block; background: none; border: 0; box-shadow: none; }
  thead tr { display: flex; flex-wrap: wrap; gap: 6px; margin-bottom: 12px; }
  thead th { padding: 0; border: 0; }
  thead a { display: block; padding: 3px 12px; border: 1px solid var(--line); border-radius: 999px; background: var(--card); }
  thead [aria-sort="ascending"] a, thead [aria-sort="descending"] a { border-color: var(--accent); }
  tbody { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); }
  tbody tr { display: grid; grid-template-columns: repeat(3, 1fr); gap: 10px; padding: 14px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); align-content: start; position: relative; }
  tbody tr + tr > * { border-top: 0; }
  tbody tr:hover > * { background: none; }
  tbody th, tbody td { padding: 0; min-width: 0; text-align: left; white-space: normal; }
  tbody td::before { content: attr(data-label); display: block; color: var(--soft); font-size: 13px; }
  tbody .name { grid-column: 1 / -1; max-width: none; padding-right: 84px; }
  tbody .status { position: absolute; top: 14px; right: 16px; }
  tbody .status::before { content: none; }
  tbody td { font-size: 14px; }
  tbody .number { text-align: left; }
  tbody .status .left { text-align: right; }
  .sessions thead { display: none; }
}
`;
