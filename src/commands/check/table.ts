/** Plain tables for a terminal. */
import { stripVTControlCharacters } from 'node:util';

export type Column = { readonly title: string; readonly align: 'left' | 'right' };

const WIDEST = 40;
const GAP = '  ';

/** A text from elsewhere made fit for a terminal: no control characters, at most 40 characters. */
export function cell(text: string): string {
  const plain = stripVTControlCharacters(text)
    .replaceAll(/\p{C}+/gu, ' ')
    .trim();
  const characters = Array.from(plain);
  return characters.length > WIDEST ? `${characters.slice(0, WIDEST - 1).join('')}…` : plain;
}

/** Characters that a terminal shows two columns wide: East Asian wide ones and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu;

function width(text: string): number {
  return Array.from(text).length + (text.match(WIDE)?.length ?? 0);
}

function padded(text: string, to: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, to - width(text)));
  return align === 'left' ? text + space : space + text;
}

/** Lines of a table: titles, then rows. No blanks at line ends. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => width(row[i] ?? ''))));
  return all.map((row) =>
    columns
      .map((column, i) => padded(row[i] ?? '', widths[i] ?? 0, column.align))
      .join(GAP)
      .trimEnd(),
  );
}
