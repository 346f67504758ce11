/** What a command needs of the terminal; tests give their own. */
export type Terminal = {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
};

export type Format = 'table' | 'json' | 'jsonl';

/** One column of a table: heading and how a row shows it. */
export type Column<T> = readonly [heading: string, show: (row: T) => string | number | null];

/** Prints rows in the chosen format: data on standard output, nothing else there. */
export function printRows<T>(
  terminal: Terminal,
  format: Format,
  rows: readonly T[],
  columns: readonly Column<T>[],
): void {
  if (format === 'json') return terminal.out(`${jsonFor(rows, 2)}\n`);
  if (format === 'jsonl') return terminal.out(rows.map((row) => `${jsonFor(row)}\n`).join(''));
  if (rows.length === 0) return terminal.err('Nothing to show.\n');
  const cells = [
    columns.map(([heading]) => heading),
    ...rows.map((row) => columns.map(([, show]) => plain(String(show(row) ?? '-')))),
  ];
  const widths = columns.map((_, index) => Math.min(60, Math.max(...cells.map((line) => widthOf(line[index] ?? '')))));
  for (const line of cells)
    terminal.out(
      `${line
        .map((cell, index) => padded(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}

/** JSON in which nothing is left that a terminal would obey: JSON itself escapes only the older half of the control characters. */
export function jsonFor(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replaceAll(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text from outside without anything a terminal would obey. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').toWellFormed();
}

/** Local time to the minute, as tables show it. */
export function stamp(at: number | null): string {
  return at === null ? '-' : new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function padded(cell: string, width: number): string {
  let shown = '';
  let used = 0;
  for (const character of cell) {
    const next = widthOf(character);
    if (used + next > width) return `${shown.slice(0, -1)}…`;
    shown += character;
    used += next;
  }
  return shown + ' '.repeat(width - used);
}

/** Columns on a terminal: East Asian wide characters take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
        character,
      )
        ? 2
        : 1;
  return width;
}
