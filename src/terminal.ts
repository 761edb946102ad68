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
  status = statusLine(text, width);
  stderr.write(TO_LINE_START + status);
}

/** The text in one line that leaves the last column of a terminal of so many free. */
export function statusLine(text: string, width: number): string {
  return takeColumns(printable(text), width - 1);
}

/** A text from elsewhere, such as the name of a project, in one line and without what a terminal would obey. */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\p{C}+/gu, ' ')
    .trim();
}

/** Characters that a terminal shows two columns wide: East Asian wide ones and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu;

/** Columns that a text takes on a terminal; colors take none. */
export function columnsOf(text: string): number {
  const plain = stripVTControlCharacters(text);
  return Array.from(plain).length + (plain.match(WIDE)?.length ?? 0);
}

/** As much from the front of a text as fits into so many columns. */
function takeColumns(text: string, most: number): string {
  let taken = '';
  let left = most;
  for (const character of text) {
    left -= columnsOf(character);
    if (left < 0) break;
    taken += character;
  }
  return taken;
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
    if (line === '' || columnsOf(line) + columnsOf(word) <= width) line += word;
    else {
      const pieces = piecesOf(word.trimStart(), room);
      lines.push(line, ...pieces.slice(0, -1).map((piece) => INDENT + piece));
      line = INDENT + (pieces.at(-1) ?? '');
    }
  }
  return [...lines, line].join('\n');
}

/** A word in pieces of at most so many columns; a single character that is wider is a piece by itself. */
function piecesOf(word: string, room: number): readonly string[] {
  const pieces: string[] = [];
  for (let rest = word; rest !== ''; ) {
    const piece = takeColumns(rest, room) || (Array.from(rest)[0] as string);
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return pieces;
}
