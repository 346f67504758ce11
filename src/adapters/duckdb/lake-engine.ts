import { openLakeQuery, type QueryLimits } from '#adapters/duckdb/lake-query.ts';
import { engineTypeOf, engineValue } from '#core/lake/sql/engine-value.ts';
import { withLiterals } from '#core/lake/sql/with-literals.ts';
import type { LakeEngine } from '#ports/lake-engine.ts';
import type { LakeFile } from '#ports/lake-manifest.ts';

/** The engine of the embedded home: DuckDB over files of the manifest, by the views of the classes. */
export async function openDuckDbEngine(
  root: string,
  files: readonly LakeFile[],
  limits: QueryLimits,
): Promise<LakeEngine> {
  const query = await openLakeQuery(root, files, limits);
  return {
    dialect: 'duckdb',
    ask: async (sql, parameters = [], { rows = 10_000, signal } = {}) => {
      const answer = await query.ask(withLiterals(sql, parameters), {
        rows,
        ...(signal === undefined ? {} : { signal }),
      });
      const columns = answer.columns.map(({ name, type }) => ({ name, type: engineTypeOf(type) }));
      return {
        columns,
        rows: answer.rows.map((row) => columns.map(({ name, type }) => engineValue(type, row[name]))),
        isCut: answer.isCut,
      };
    },
    close: () => query.close(),
  };
}
