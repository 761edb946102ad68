/**
 * Colours of all dashboards. Every one has a contrast of at least 3:1 on Grafana's dark and light panel backgrounds, and those
 * that meet in one panel stay apart under red-green blindness (test/grafana/palette.test.ts computes both).
 */

/** A meaning has the same colour on every dashboard. */
export const COLOR = {
  input: '#3187CC',
  output: '#D28300',
  error: '#CB2F3A',
  ok: '#009E73',
  warning: '#D28300',
  neutral: '#667085',
  cost: '#A263C4',
  runs: '#3187CC',
  past: '#667085',
  p50: '#009E73',
  p95: '#A263C4',
  p99: '#CB5F8F',
} as const;

/** Built-in error classes, in the order in which they are stacked; a configured class takes Grafana's next colour. */
export const ERROR_CLASS_COLORS: readonly (readonly [errorClass: string, color: string])[] = [
  ['rate_limited', '#3187CC'],
  ['timeout', '#D28300'],
  ['context_length', '#009E73'],
  ['authentication', '#CB2F3A'],
  ['index_unavailable', '#A263C4'],
  ['cancelled', '#667085'],
  ['content_filter', '#CB5F8F'],
  ['internal', '#9A6324'],
  ['other', '#5F7FBF'],
  ['unknown', '#8C9016'],
];

/** Cells of a heatmap, dark to bright; readable for all kinds of colour blindness. */
export const HEATMAP_SCHEME = 'Viridis';

/** Reasons of failed polls and repeated requests: what a person must fix first in red, the server's in orange, the network's in blue. */
export const FAILURE_COLORS: readonly (readonly [reason: string, color: string])[] = [
  ['unauthorized', '#CB2F3A'],
  ['forbidden', '#CB5F8F'],
  ['not_found', '#9A6324'],
  ['rejected', '#8C9016'],
  ['rate_limited', '#A263C4'],
  ['timeout', '#5F7FBF'],
  ['connection', '#3187CC'],
  ['server_error', '#D28300'],
  ['malformed', '#009E73'],
  ['pagination', '#667085'],
  ['state', '#6B7A3F'],
];
