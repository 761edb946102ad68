/** stderr as a terminal: one line at its bottom shows progress, gives way to every log line, and no line is wider than the terminal. */
import { stderr } from 'node:process';
import { stripVTControlCharacters } from 'node:util';

const TO_LINE_START = '\r\u001b[K';

/** What is on the last line; empty: nothing. */
let status = '';

/** Columns of stderr; null: it is no terminal. */
export function columns(): number | null {
  return stderr.isTTY ? stderr.columns || 80 : null;
}

/** Shows a text on the last line, cut to the terminal, in place of the one before; an empty one takes it away. */
export function showStatus(text: string): void {
  const width = columns();
  if (width === null || (text === '' && status === '')) return;
  status = Array.from(text)
    .slice(0, width - 1)
    .join('');
  stderr.write(TO_LINE_START + status);
}

/** Writes complete lines above the last line. */
export function aboveStatus(write: () => void): void {
  if (status === '') return write();
  const text = status;
  showStatus('');
  write();
  showStatus(text);
}

/** The parts in one line, as many of them from the front as fit into `width`; null: all. */
export function fitting(parts: readonly string[], separator: string, width: number | null): string {
  let line = parts[0] ?? '';
  for (const part of parts.slice(1)) {
    if (width !== null && line.length + separator.length + part.length > width) break;
    line += separator + part;
  }
  return line;
}

const INDENT = '    ';

/** The text broken at blanks into lines of at most `width` characters, all but the first indented; longer words are cut in pieces. */
export function wrapped(text: string, width: number | null): string {
  if (width === null) return text;
  const room = Math.max(1, width - INDENT.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S)(?=\s)/)) {
    if (line === '' || shownLength(line) + shownLength(word) <= width) line += word;
    else {
      const pieces = word.trimStart().match(new RegExp(`.{1,${room}}`, 'gu')) ?? [];
      lines.push(line, ...pieces.slice(0, -1).map((piece) => INDENT + piece));
      line = INDENT + (pieces.at(-1) ?? '');
    }
  }
  return [...lines, line].join('\n');
}

/** Colors take no room. */
function shownLength(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}
