import type { RawRow } from '#core/lake/source/log-source.ts';

/** The longest string of OCSF 1.1.0. */
const longestText = 65_535;

/** A row whose texts are cut at OCSF's limit; those that were longer are whole in its `rest`, under their own names. */
export function withCutColumns(
  row: RawRow & { readonly rest: Readonly<Record<string, string>> },
): RawRow & { readonly rest: Readonly<Record<string, string>> } {
  const long = Object.entries(row).filter(
    (column): column is [string, string] => typeof column[1] === 'string' && column[1].length > longestText,
  );
  if (long.length === 0) return row;
  const cut = Object.fromEntries(long.map(([name, text]) => [name, text.slice(0, longestText)]));
  return { ...row, ...cut, rest: { ...Object.fromEntries(long), ...row.rest } };
}
