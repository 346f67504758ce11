import { describeMap } from '#adapters/duckdb/normalizer.ts';
import { openDuckDb } from '#adapters/duckdb/session.ts';
import { type DescribedSource, type TableDefinition, tableDefinitions } from '#core/lake/schema/table-ddl.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';

/** The tables that these sources write: DuckDB tells what each map.sql gives, as it does when it writes the files. */
export async function describeTables(sources: readonly MappedSource[]): Promise<readonly TableDefinition[]> {
  const database = await openDuckDb({ threads: 1, memoryMiB: 256 });
  try {
    const session = await database.connect();
    const described: DescribedSource[] = [];
    for (const source of sources) described.push({ source, given: await describeMap(source, session) });
    session.close();
    return tableDefinitions(described);
  } finally {
    database.close();
  }
}
