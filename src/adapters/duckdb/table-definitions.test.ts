import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInQueries } from '#core/lake/queries/built-in-queries.ts';
import { viewCatalog } from '#core/lake/queries/lake-catalog.ts';
import { renderQuery } from '#core/lake/queries/render-query.ts';
import {
  athenaCreateTable,
  glueTableInput,
  type TableDefinition,
  trinoCreateTable,
} from '#core/lake/schema/table-ddl.ts';
import { logSources } from '#generated/sources.ts';
import { openDuckDbEngine } from './lake-engine.ts';
import { describeTables } from './table-definitions.ts';

const partitions = { regions: ['us-east-1', 'eu-west-1'], since: '20260101' };

describe('The tables of the lake', () => {
  let definitions: readonly TableDefinition[];

  beforeAll(async () => {
    definitions = await describeTables(logSources);
  });

  const table = (name: string): TableDefinition => {
    const found = definitions.find((definition) => definition.name === name);
    if (found === undefined) throw new Error(`there is no table ${name}`);
    return found;
  };

  it('have names that Glue takes, each once', () => {
    const names = definitions.map(({ name }) => name);

    expect(names.filter((name) => !/^[a-z0-9_]{1,255}$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('have the columns that their source fills, and no others', async () => {
    const own = await describeTables(logSources.filter(({ id }) => id === 'aws.vpc-flow'));
    const flows = own.find(({ name }) => name === 'vpc_flow');
    if (flows === undefined) throw new Error('there is no table of flow logs');

    expect(flows.folder).toBe('aws/VPC_FLOW/2.0');
    expect(Object.keys(flows.columns)).toEqual(
      expect.arrayContaining(['time', 'time_dt', 'traffic', '_src_ip', '_object']),
    );
    expect(flows.columns['tls']).toBeUndefined();
    expect(flows.columns['traffic']).toEqual({ struct: { bytes: 'long', packets: 'long' } });
  });

  it('are Glue tables whose partitions follow from names', () => {
    expect(glueTableInput(table('vpc_flow'), 's3://example-lake/', partitions)).toMatchObject({
      Name: 'vpc_flow',
      TableType: 'EXTERNAL_TABLE',
      PartitionKeys: [
        { Name: 'region', Type: 'string' },
        { Name: 'accountid', Type: 'string' },
        { Name: 'eventday', Type: 'string' },
      ],
      Parameters: {
        'projection.enabled': 'true',
        'projection.region.type': 'enum',
        'projection.region.values': 'us-east-1,eu-west-1',
        'projection.accountid.type': 'injected',
        'projection.eventday.type': 'date',
        'projection.eventday.format': 'yyyyMMdd',
        'storage.location.template':
          's3://example-lake/aws/VPC_FLOW/2.0/region=${region}/accountId=${accountid}/eventDay=${eventday}',
      },
      StorageDescriptor: { Location: 's3://example-lake/aws/VPC_FLOW/2.0/' },
    });
  });

  it('have no type that is longer than Glue takes', () => {
    const longest = definitions.flatMap((definition) => {
      const input = JSON.stringify(glueTableInput(definition, 's3://example-lake', partitions));
      return [...input.matchAll(/"Type":"([^"]*)"/g)].map((found) => found[1]?.length ?? 0);
    });

    expect(Math.max(...longest)).toBeLessThan(131_072);
  });

  it('have statements that Athena takes by their length', () => {
    const lengths = definitions.map(
      (found) => athenaCreateTable(found, 'yagura', 's3://example-lake', partitions).length,
    );

    expect(Math.max(...lengths)).toBeLessThan(262_144);
  });

  it('quote every name for Athena and Trino', () => {
    const athena = athenaCreateTable(table('vpc_flow'), 'yagura', 's3://example-lake', partitions);
    const trino = trinoCreateTable(table('vpc_flow'), 'lake.yagura', 's3://example-lake', partitions);

    expect(athena).toContain('CREATE EXTERNAL TABLE IF NOT EXISTS `yagura`.`vpc_flow` (');
    expect(athena).toContain('`traffic` struct<`bytes`:bigint,');
    expect(trino).toContain('"traffic" row("bytes" bigint, ');
    expect(trino).toContain("partition_projection_type = 'injected'");
  });
});

describe('A lake without any file', () => {
  const root = mkdtempSync(join(tmpdir(), 'yagura-empty-'));

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('answers every built-in query with no row', async () => {
    const engine = await openDuckDbEngine(root, [], { seconds: 60, memoryMiB: 256, threads: 1, rows: 10 });
    const values = { from: 0, to: 1, principal: 'x', ip: '192.0.2.1', key: 'x', resource: 'x' };

    for (const query of builtInQueries) {
      const { sql, parameters } = renderQuery(query, values, viewCatalog);

      expect((await engine.ask(sql, parameters)).rows, query.id).toEqual([]);
    }
    engine.close();
  });
});
