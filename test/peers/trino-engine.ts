import { engineTypeOf, engineValue } from '#core/lake/sql/engine-value.ts';
import { withLiterals } from '#core/lake/sql/with-literals.ts';
import type { LakeEngine } from '#ports/lake-engine.ts';
import { trinoQuery } from './trino-client.ts';

/** A Trino as an engine of the lake: what Athena is, without Athena's calls around it. */
export function trinoEngine(url: string): LakeEngine {
  return {
    dialect: 'trino',
    ask: async (sql, parameters = [], { rows = 10_000 } = {}) => {
      const answer = await trinoQuery(url, withLiterals(sql, parameters));
      const columns = answer.columns.map(({ name, type }) => ({ name, type: engineTypeOf(type) }));
      return {
        columns,
        rows: answer.rows.slice(0, rows).map((row) => columns.map(({ type }, at) => engineValue(type, exact(row[at])))),
        isCut: answer.rows.length > rows,
      };
    },
    close: () => {},
  };
}

function exact(value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
