/** Plain tables for a terminal. */
import { columnsOf, printable } from '../../terminal.ts';

export type Column = { readonly title: string; readonly align: 'left' | 'right' };

const WIDEST = 40;
const GAP = '  ';

/** A text from elsewhere made fit for a terminal: no control characters, at most 40 characters. */
export function cell(text: string): string {
  const plain = printable(text);
  const characters = Array.from(plain);
  return characters.length > WIDEST ? `${characters.slice(0, WIDEST - 1).join('')}…` : plain;
}

function padded(text: string, to: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, to - columnsOf(text)));
  return align === 'left' ? text + space : space + text;
}

/** Lines of a table: titles, then rows. No blanks at line ends. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => columnsOf(row[i] ?? ''))));
  return all.map((row) =>
    columns
      .map((column, i) => padded(row[i] ?? '', widths[i] ?? 0, column.align))
      .join(GAP)
      .trimEnd(),
  );
}
