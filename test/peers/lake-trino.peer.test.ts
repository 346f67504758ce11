import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckDbEngine } from '#adapters/duckdb/lake-engine.ts';
import { describeTables } from '#adapters/duckdb/table-definitions.ts';
import { builtInQueries } from '#core/lake/queries/built-in-queries.ts';
import { type LakeCatalog, tableCatalog, viewCatalog } from '#core/lake/queries/lake-catalog.ts';
import { type QueryValues, renderQuery } from '#core/lake/queries/render-query.ts';
import { ocsfClasses } from '#core/lake/schema/ocsf-classes.ts';
import { type TableDefinition, trinoCreateTable } from '#core/lake/schema/table-ddl.ts';
import { columnsOf } from '#core/lake/schema/tables.ts';
import { searchCondition } from '#core/lake/search/search-sql.ts';
import { sqlName } from '#core/lake/sql/literal.ts';
import { logSources } from '#generated/sources.ts';
import type { EngineAnswer, LakeEngine } from '#ports/lake-engine.ts';
import type { LakeFile, LakeManifest } from '#ports/lake-manifest.ts';
import { describeLakeEngine } from '../contract/lake-engine.contract.ts';
import { trinoFolder, trinoMissing, trinoQuery, trinoUrl } from './trino-client.ts';
import { trinoEngine } from './trino-engine.ts';
import { fillLake, sampleEnd } from './trino-lake.ts';

const schema = 'lake.yagura';
const location = 'local:///yagura';
const limits = { seconds: 60, memoryMiB: 1024, threads: 2, rows: 100_000 };
const days = 86_400_000;
const all = { from: 0, to: sampleEnd + 400 * days, limit: 100_000 };

describe.skipIf(trinoMissing)('A lake that Trino and DuckDB read', () => {
  let manifest: LakeManifest;
  let files: readonly LakeFile[];
  let definitions: readonly TableDefinition[];
  let duckdb: LakeEngine;
  let trino: LakeEngine;

  beforeAll(async () => {
    const root = join(trinoFolder(), 'yagura');
    manifest = await fillLake(root, logSources);
    files = manifest.files();
    definitions = await describeTables(logSources);
    duckdb = await openDuckDbEngine(root, files, limits);
    trino = trinoEngine(trinoUrl());
    await trinoQuery(trinoUrl(), `CREATE SCHEMA IF NOT EXISTS ${schema}`);
    for (const definition of definitions) {
      const folder = join(root, definition.folder);
      // Trino takes no location that is not there; on S3 there are no folders.
      if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o755 });
      await trinoQuery(trinoUrl(), trinoCreateTable(definition, schema, location));
      await trinoQuery(
        trinoUrl(),
        `CALL lake.system.sync_partition_metadata('yagura', '${definition.name}', 'FULL', false)`,
      );
    }
  }, 600_000);

  afterAll(() => {
    duckdb?.close();
    manifest?.close();
  });

  const bothAnswers = async (
    id: string,
    values: Partial<QueryValues>,
    narrowed: (catalog: LakeCatalog) => LakeCatalog = (catalog) => catalog,
  ): Promise<readonly [EngineAnswer, EngineAnswer]> => {
    const query = builtInQueries.find((found) => found.id === id);
    if (query === undefined) throw new Error(`there is no query ${id}`);
    const ask = (engine: LakeEngine, catalog: LakeCatalog): Promise<EngineAnswer> => {
      const { sql, parameters } = renderQuery(query, { ...all, ...values }, narrowed(catalog));
      return engine.ask(sql, parameters, { rows: 100_000 });
    };
    return [await ask(duckdb, viewCatalog), await ask(trino, tableCatalog(definitions, schema))];
  };

  /** Values that the lake has an answer for. */
  const interesting = async (select: string): Promise<string> => String((await duckdb.ask(select)).rows[0]?.[0]);
  const valuesOf = async (id: string): Promise<Partial<QueryValues>> => {
    const parameters = builtInQueries.find((found) => found.id === id)?.parameters ?? [];
    const key =
      'SELECT actor.user.credential_uid FROM api_activity WHERE actor.user.credential_uid IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1';
    const principal =
      'SELECT actor.user.name FROM api_activity WHERE actor.user.name IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1';
    const ip =
      'SELECT a.src_endpoint.ip FROM api_activity a JOIN http_activity h ON a.src_endpoint.ip = h.src_endpoint.ip GROUP BY 1 ORDER BY 1 LIMIT 1';
    const instance =
      'SELECT src_endpoint.instance_uid FROM dns_activity WHERE src_endpoint.instance_uid IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1';
    const bucket =
      "SELECT dst_endpoint.name FROM http_activity WHERE api.service.name = 's3.amazonaws.com' AND http_request.http_method = 'GET' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1";
    return {
      least: 2,
      ...(parameters.includes('key') ? { key: await interesting(key) } : {}),
      ...(parameters.includes('principal') ? { principal: await interesting(principal) } : {}),
      ...(parameters.includes('ip') ? { ip: await interesting(ip) } : {}),
      ...(parameters.includes('resource')
        ? { resource: await interesting(id.startsWith('dns') ? instance : bucket) }
        : {}),
    };
  };

  it('has every row of the manifest in the tables of Trino, with every column readable', async () => {
    const rows = new Map<string, number>();
    for (const file of files) {
      const name = file.path.split('/region=')[0] ?? '';
      rows.set(name, (rows.get(name) ?? 0) + file.rows);
    }

    const counted = new Map<string, number>();
    for (const { name, folder, columns } of definitions) {
      const each = Object.keys(columns).map((column) => `count(${sqlName(column)})`);
      const answer = await trino.ask(`SELECT count(*), ${each.join(', ')} FROM ${schema}.${sqlName(name)}`);
      await trinoQuery(trinoUrl(), `SELECT * FROM ${schema}.${sqlName(name)} LIMIT 500`);
      if (Number(answer.rows[0]?.[0]) > 0) counted.set(folder, Number(answer.rows[0]?.[0]));
    }

    expect(Object.fromEntries([...counted].toSorted())).toEqual(Object.fromEntries([...rows].toSorted()));
    expect(counted.size).toBeGreaterThan(15);
  }, 600_000);

  it('has as many values in every column of every class as DuckDB finds there', async () => {
    const different: string[] = [];
    for (const found of Object.values(ocsfClasses)) {
      const columns = Object.keys(columnsOf([found]));
      const [here] = (
        await duckdb.ask(`SELECT ${columns.map((column) => `count(${sqlName(column)})`).join(', ')} FROM ${found.name}`)
      ).rows;
      const there = columns.map(() => 0);
      for (const table of definitions.filter((of) => of.classes.some(({ uid }) => uid === found.uid))) {
        const each = columns.map((column) => (column in table.columns ? `count(${sqlName(column)})` : '0'));
        const answer = await trino.ask(
          `SELECT ${each.join(', ')} FROM ${schema}.${sqlName(table.name)} WHERE class_uid = ${found.uid}`,
        );
        answer.rows[0]?.forEach((count, at) => {
          there[at] = (there[at] ?? 0) + Number(count);
        });
      }
      columns.forEach((column, at) => {
        if (here?.[at] !== there[at])
          different.push(`${found.name}.${column}: ${here?.[at]} in DuckDB, ${there[at]} in Trino`);
      });
    }

    expect(different).toEqual([]);
  }, 600_000);

  it.each(builtInQueries.map(({ id }) => id))('answers %s alike on both engines', async (id) => {
    const [here, there] = await bothAnswers(id, await valuesOf(id));

    expect(there.columns).toEqual(here.columns);
    expect(there.rows).toEqual(here.rows);
    expect(here.rows.length).toBeGreaterThan(0);
  });

  it.each(builtInQueries.map(({ id }) => id))('answers %s as well without our own columns and time_dt', async (id) => {
    const values = await valuesOf(id);
    const bare = (catalog: LakeCatalog): LakeCatalog => ({
      ...catalog,
      relations: catalog.relations.map((relation) => ({
        ...relation,
        partitions: ['region', 'accountId'],
        columns: Object.fromEntries(
          Object.entries(relation.columns).filter(([name]) => !name.startsWith('_') && name !== 'time_dt'),
        ),
      })),
    });

    const [with_] = await bothAnswers(id, values);
    const [here, there] = await bothAnswers(id, values, bare);

    expect(here.rows).toEqual(with_.rows);
    expect(there.rows).toEqual(with_.rows);
  });

  it.each(['198.51.100.0/24', '203.0.113.0/26', '10.0.0.0/8', '2001:db8::/32', '::/0', '::ffff:0:0/96', '0.0.0.0/0'])(
    'finds the same events within %s',
    async (cidr) => {
      const flows = definitions.filter((table) => table.classes.some(({ name }) => name === 'network_activity'));
      const condition = (columns: Parameters<typeof searchCondition>[1]): string =>
        searchCondition({ kind: 'field', field: 'src_endpoint.ip', test: { is: 'within', cidr } }, columns);

      let there = 0;
      for (const table of flows) {
        if (!('_src_ip' in table.columns)) continue;
        const answer = await trino.ask(
          `SELECT count(*) FROM ${schema}.${sqlName(table.name)} AS e WHERE class_uid = 4001 AND ${condition(table.columns)}`,
        );
        there += Number(answer.rows[0]?.[0]);
      }
      const here = await duckdb.ask(
        `SELECT count(*) FROM network_activity AS e WHERE ${condition(columnsOf([ocsfClasses.network_activity]))}`,
      );

      expect(there).toBe(here.rows[0]?.[0]);
    },
  );

  it('keeps to the account, the Region and the time that it is asked for', async () => {
    const [row] = (
      await duckdb.ask(
        'SELECT accountId, region, eventDay FROM network_activity GROUP BY 1, 2, 3 ORDER BY count(*) DESC LIMIT 1',
      )
    ).rows;
    const day = String(row?.[2]);
    const from = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`);

    const [here, there] = await bothAnswers('top-talkers', {
      account: String(row?.[0]),
      region: String(row?.[1]),
      from,
      to: from + days,
    });
    const [everything] = await bothAnswers('top-talkers', {});

    expect(there.rows).toEqual(here.rows);
    expect(here.rows.length).toBeGreaterThan(0);
    expect(here.rows.length).toBeLessThan(everything.rows.length);
  });

  it('is read with partitions that are projected, not registered', async () => {
    const flows = definitions.find(({ name }) => name === 'vpc_flow');
    if (flows === undefined) throw new Error('there is no table of flows');
    const listed = (name: 'region' | 'account'): readonly string[] => [
      ...new Set(files.filter((file) => file.table === 'VPC_FLOW').map((file) => file[name])),
    ];
    const partitions = { regions: listed('region'), accounts: listed('account'), since: '20260101' };
    // On S3 a place without objects is empty; in a folder Trino wants it to be there.
    for (const region of partitions.regions)
      for (const account of partitions.accounts)
        for (const day of ['20261120', '20261121', '20261122', '20261123'])
          mkdirSync(
            join(trinoFolder(), 'yagura', flows.folder, `region=${region}/accountId=${account}/eventDay=${day}`),
            { recursive: true, mode: 0o755 },
          );
    await trinoQuery(
      trinoUrl(),
      trinoCreateTable({ ...flows, name: 'vpc_flow_projected' }, schema, location, partitions),
    );
    const count = (table: string): Promise<EngineAnswer> =>
      trino.ask(
        `SELECT count(*), sum("time") FROM ${schema}.${table} WHERE eventday BETWEEN '20261120' AND '20261123'`,
      );

    const projected = await count('vpc_flow_projected');
    const registered = await count('vpc_flow');

    expect(Number(projected.rows[0]?.[0])).toBeGreaterThan(1000);
    expect(projected.rows).toEqual(registered.rows);
  });
});

describe.skipIf(trinoMissing)('Trino as an engine of the lake', () => {
  describeLakeEngine({ open: async () => trinoEngine(trinoUrl()), canAbort: false });
});
