/** Escaping and cutting of names, labels and HELP in both formats. */
import { expect, test } from 'vitest';
import { cutName, escapeHelp, escapeLabel } from '../../src/metrics/render/escape.ts';
import { head, projectLabels } from '../../src/metrics/render/lines.ts';

test('label values escape backslash, quote, newline', () => {
  expect(escapeLabel('a\\b"c\nd')).toBe('a\\\\b\\"c\\nd');
  expect(escapeLabel('plain é 😀')).toBe('plain é 😀');
});

test('help escapes quotes in openmetrics only', () => {
  expect(escapeHelp('a\\b "c"\nd', 'text')).toBe('a\\\\b "c"\\nd');
  expect(escapeHelp('a\\b "c"\nd', 'openmetrics')).toBe('a\\\\b \\"c\\"\\nd');
});

test('names are cut to 128 characters', () => {
  expect(cutName('x'.repeat(128))).toHaveLength(128);
  expect(cutName('x'.repeat(500))).toBe('x'.repeat(128));
  expect(cutName(`${'x'.repeat(127)}😀😀`)).toBe(`${'x'.repeat(127)}😀`);
});

test('project labels come id first', () => {
  expect(projectLabels({ id: 'p1', name: 'a "b"' })).toBe('project_id="p1",project="a \\"b\\""');
});

test('counter families lose _total in openmetrics', () => {
  const metric = {
    name: 'a_total',
    type: 'counter',
    scope: 'project',
    part: 'projects',
    labels: [],
    help: 'Some "help".',
  } as const;
  expect(head(metric, 'text')).toBe('# HELP a_total Some "help".\n# TYPE a_total counter\n');
  expect(head(metric, 'openmetrics')).toBe('# HELP a Some \\"help\\".\n# TYPE a counter\n');
});
