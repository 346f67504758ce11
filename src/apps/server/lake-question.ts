import { type Fields, isList, isStruct } from '#core/lake/schema/column-type.ts';
import { ocsfClasses } from '#core/lake/schema/ocsf-classes.ts';
import { columnsOf } from '#core/lake/schema/tables.ts';
import type { SearchNode } from '#core/lake/search/search-query.ts';
import { fieldAliases, unknownFields } from '#core/lake/search/search-sql.ts';
import type { QueryProblem } from '#ports/http-api.ts';

/** A time range that was asked for, and what stands against the search. */
export type AskedRange = { from: number; to: number; problem: QueryProblem | null; empty: boolean };

const allColumns = columnsOf(Object.values(ocsfClasses));

/** Names that a search may have before a colon: short names, then those of OCSF. */
export const searchFields: readonly string[] = [...Object.keys(fieldAliases), ...namesOf(allColumns)];

function namesOf(fields: Fields, parent = ''): string[] {
  return Object.entries(fields).flatMap(([name, type]) => {
    if (name.startsWith('_')) return [];
    const path = `${parent}${name}`;
    const inner = isList(type) ? type.list : type;
    if (isStruct(inner)) return namesOf(inner.struct, `${path}.`);
    return [path];
  });
}

/** Where a search names a field that no event has. */
export function problemOf(query: string, node: SearchNode): QueryProblem | null {
  const [unknown] = unknownFields(node, [allColumns]);
  if (unknown === undefined) return null;
  const message = `No event has the field ${unknown}. Fields are named as in OCSF, e.g. actor.user.name`;
  return { at: Math.max(0, query.indexOf(`${unknown}:`)), message };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  1000,
  5000,
  15_000,
  30_000,
  ...[1, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 7, 30, 365].map((days) => days * DAY),
];
const MOST_BARS = 60;

/** The width of a bar, so that a histogram has at most sixty. */
export function stepFor(rangeMs: number): number {
  return STEPS.find((step) => rangeMs / step <= MOST_BARS) ?? Math.ceil(rangeMs / MOST_BARS);
}
