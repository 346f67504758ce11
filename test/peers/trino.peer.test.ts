import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trinoFolder, trinoMissing, trinoQuery, trinoUrl } from './trino-client.ts';

const layout = 'smoke/aws/VPC_FLOW/2.0';
const partitions = [
  'region=us-east-1/accountId=111122223333/eventDay=20260102',
  'region=us-east-1/accountId=444455556666/eventDay=20260102',
  'region=eu-west-1/accountId=111122223333/eventDay=20260103',
];

const rowsOf = (partition: number): string => `SELECT
  1767312000000 + i * 7 AS time,
  make_timestamp((1767312000000 + i * 7) * 1000) AS time_dt,
  9007199254740993 + i AS bytes,
  {ip: '192.0.2.' || (i % 200), port: (1024 + i)::INTEGER} AS src_endpoint,
  CASE WHEN i % 5 = 0 THEN [] WHEN i % 5 = 1 THEN NULL
    ELSE [{name: 'src_endpoint.ip', value: '198.51.100.' || (i % 200)}, {name: 'it''s "ユーザー"', value: NULL}]
  END AS observables,
  CASE WHEN i % 3 = 0 THEN NULL ELSE MAP {'flow': ${partition} || '-' || i, 'empty': ''} END AS unmapped
FROM range(40) AS numbers(i)`;

// Trino gives a struct as the array of its values, a map as an object and a timestamp with all its digits.
function asTrinoGives(value: DuckDBValue): unknown {
  if (value === null) return null;
  if (value instanceof DuckDBStructValue) return Object.values(value.entries).map(asTrinoGives);
  if (value instanceof DuckDBListValue) return value.items.map(asTrinoGives);
  if (value instanceof DuckDBMapValue)
    return Object.fromEntries(value.entries.map(({ key, value: held }) => [String(key), asTrinoGives(held)]));
  if (value instanceof DuckDBTimestampValue)
    return new Date(Number(value.micros / 1000n)).toISOString().replace('T', ' ').replace('Z', '');
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  return value;
}

describe.skipIf(trinoMissing)('Trino', () => {
  let duckdb: DuckDBConnection;

  beforeAll(async () => {
    duckdb = await (await DuckDBInstance.create(':memory:')).connect();
    for (const [at, partition] of partitions.entries()) {
      const folder = join(trinoFolder(), layout, partition);
      mkdirSync(folder, { recursive: true });
      await duckdb.run(
        `COPY (${rowsOf(at)}) TO '${join(folder, 'part-0.parquet')}' (FORMAT parquet, COMPRESSION zstd)`,
      );
    }
    await trinoQuery(trinoUrl(), 'CREATE SCHEMA IF NOT EXISTS lake.smoke');
    await trinoQuery(
      trinoUrl(),
      `CREATE TABLE lake.smoke.vpc_flow (
        time bigint, time_dt timestamp(3), bytes bigint,
        src_endpoint row(ip varchar, port integer),
        observables array(row(name varchar, value varchar)),
        unmapped map(varchar, varchar),
        region varchar, accountid varchar, eventday varchar
      ) WITH (
        external_location = 'local:///${layout}', format = 'PARQUET',
        partitioned_by = ARRAY['region', 'accountid', 'eventday']
      )`,
    );
    await trinoQuery(trinoUrl(), `CALL lake.system.sync_partition_metadata('smoke', 'vpc_flow', 'ADD', false)`);
  });

  afterAll(async () => {
    await trinoQuery(trinoUrl(), 'DROP TABLE IF EXISTS lake.smoke.vpc_flow');
    await trinoQuery(trinoUrl(), 'DROP SCHEMA IF EXISTS lake.smoke');
    duckdb.closeSync();
  });

  const columns = 'time, time_dt, bytes, src_endpoint, observables, unmapped, region, accountid, eventday';
  const fromDuckDb = async (select: string): Promise<unknown[][]> => {
    const files = `read_parquet('${join(trinoFolder(), layout)}/*/*/*/*.parquet', hive_partitioning = true, hive_types_autocast = false)`;
    const rows = await duckdb.runAndReadAll(select.replace('vpc_flow', files));
    return rows.getRows().map((row) => row.map(asTrinoGives));
  };

  it('reads every value of the zstd Parquet that DuckDB writes in the layout of Security Lake', async () => {
    const order = 'ORDER BY region, accountid, eventday, time';

    const answer = await trinoQuery(trinoUrl(), `SELECT ${columns} FROM lake.smoke.vpc_flow ${order}`);

    expect(answer.rows).toHaveLength(120);
    expect(answer.rows).toEqual(await fromDuckDb(`SELECT ${columns} FROM vpc_flow ${order}`));
    expect(answer.columns[1]).toEqual({ name: 'time_dt', type: 'timestamp(3)' });
  });

  it('answers one SQL text over partitions and nested fields as DuckDB does', async () => {
    const select = `SELECT region, src_endpoint.ip, count(*) AS flows, sum(bytes - 9007199254740993) AS bytes, max(time_dt)
      FROM vpc_flow WHERE eventday = '20260102' AND unmapped IS NOT NULL AND unmapped['flow'] <> '0-7'
      GROUP BY region, src_endpoint.ip ORDER BY region, src_endpoint.ip`;

    const answer = await trinoQuery(trinoUrl(), select.replace('vpc_flow', 'lake.smoke.vpc_flow'));

    expect(answer.rows.length).toBeGreaterThan(5);
    expect(answer.rows).toEqual(await fromDuckDb(select));
  });

  it('gives the message of a statement that fails', async () => {
    const failing = trinoQuery(trinoUrl(), 'SELECT nowhere FROM lake.smoke.vpc_flow');

    await expect(failing).rejects.toThrow("COLUMN_NOT_FOUND: line 1:8: Column 'nowhere' cannot be resolved");
  });
});
