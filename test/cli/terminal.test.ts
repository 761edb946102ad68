/** On a terminal: a bar that gives way to log lines, and no line wider than it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { columnsOf, fitting, statusLine, wrapped } from '../../src/terminal.ts';
import { tool } from '../support/tools.ts';
import { scratch } from './program.ts';

const PROGRESS = fileURLToPath(new URL('entries/progress.ts', import.meta.url));

/** What a program writes to a terminal of so many columns, line by line, without colors; each with what stood on it one after the other. */
function onTerminal(script: string, columns: number): readonly (readonly string[])[] {
  const command = `stty cols ${columns}; exec '${process.execPath}' '${PROGRESS}'`;
  const { stdout } = spawnSync(script, ['-qec', command, `${scratch()}/typescript`], { encoding: 'utf8' });
  const plain = (text: string): string => stripVTControlCharacters(text).trimEnd();
  return stdout.split('\n').map((line) => line.split('\r\u001b[K').map(plain));
}

describe.each([40, 80, 120])('a terminal of %i columns', (columns) => {
  test('shows whole log lines above a bar that stays the last line', (context) => {
    const lines = onTerminal(tool(context, 'script'), columns);
    const shown = lines.flat();
    expect(Math.max(...shown.map((text) => text.length))).toBeLessThanOrEqual(columns);
    // The last thing on each line is what stays there: never a bar, and never a bar beside a log line.
    const kept = lines.map((line) => line.at(-1) ?? '').join(' ');
    expect(kept).not.toMatch(/ of 5/);
    expect(kept.replaceAll(/ +/g, ' ')).toContain(
      'Poll failed project="Customer Support" reason="somewhat longer than',
    );
    expect(shown.filter((text) => / of 5/.test(text))).not.toEqual([]);
    expect(shown.filter((text) => / of 5/.test(text) && text.includes('INFO'))).toEqual([]);
  });
});

describe('a text', () => {
  test('is broken at blanks, and within words that are wider', () => {
    expect(wrapped('one two three', 9)).toBe('one two\n    three');
    expect(wrapped(`see ${'x'.repeat(12)} end`, 10)).toBe('see\n    xxxxxx\n    xxxxxx\n    end');
    expect(wrapped('one two three', null)).toBe('one two three');
  });

  test('counts wide characters twice', () => {
    const lines = wrapped(`project=${'客'.repeat(12)} ${'服'.repeat(12)} end`, 20).split('\n');
    expect(Math.max(...lines.slice(1).map(columnsOf))).toBeLessThanOrEqual(20);
    expect(lines.join('').replaceAll(/\s/g, '')).toBe(`project=${'客'.repeat(12)}${'服'.repeat(12)}end`);
  });

  test('on the last line is one line, whatever a project is called', () => {
    expect(statusLine('Trying projects \u001b[2Jnasty\nname\u0007', 80)).toBe('Trying projects nasty name');
    expect(statusLine('客'.repeat(50), 10)).toBe('客客客客');
  });

  test('of parts ends with the last one that fits', () => {
    expect(fitting(['a', 'bb', 'cc'], ' | ', 6)).toBe('a | bb');
    expect(fitting(['a', 'bb', 'cc'], ' | ', null)).toBe('a | bb | cc');
  });
});
