import type { FlatRows } from '#core/lake/queries/flat-rows.ts';
import type { Dialect } from '#core/lake/sql/dialect.ts';

/** A text in both languages. */
export interface Bilingual {
  readonly en: string;
  readonly ja: string;
}

/** What a query asks for beside the time, the account and the Region, which all queries take. */
export type QueryParameter = 'principal' | 'ip' | 'key' | 'resource' | 'least';

/** A question that a responder asks, with its answer as SQL. */
export interface BuiltInQuery {
  readonly id: string;
  readonly title: Bilingual;
  /** What the answer tells. */
  readonly answers: Bilingual;
  readonly parameters: readonly QueryParameter[];
  /** What the text reads, by the names that it uses. */
  readonly rows: Readonly<Record<string, FlatRows>>;
  /**
   * One SELECT for all engines over `rows`, without LIMIT. `$name` stands for a parameter; `ip` gives `$ip`, `$ip_first` and
   * `$ip_last`, the ends of its network in the sortable form.
   */
  readonly sql: (dialect: Dialect) => string;
}

/**
 * Declares a built-in query.
 * @example
 * export const rootUse = defineQuery({
 *   id: 'root-use', title: { en: 'Use of root', ja: 'root の使用' }, answers: { … }, parameters: [],
 *   rows: { calls: { classes: ['api_activity'], fields: { event_time: { clock: 'time' }, type: 'actor.user.type' } } },
 *   sql: () => `SELECT event_time FROM calls WHERE type = 'Root' ORDER BY event_time`,
 * });
 */
export function defineQuery(query: BuiltInQuery): BuiltInQuery {
  return query;
}
