import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildProgram, runProgram } from '#apps/cli/program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function yagura(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const terminal = {
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    env: { AWS_REGION: 'ap-northeast-1' },
    cwd: folder,
  };
  const code = await runProgram(buildProgram(terminal), words, terminal);
  return { code, ...said };
}

const fixture = (source: string, name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '../../src/sources', source, 'fixtures', name));
const lines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('yagura sources list', () => {
  it('tells id, title, vendor, classes and key patterns', async () => {
    const { code, out } = await yagura('sources', 'list', '--format', 'json');

    const list = JSON.parse(out) as { id: string; keys: string[] }[];
    expect(code).toBe(0);
    expect(list.find(({ id }) => id === 'aws.cloudtrail')).toMatchObject({
      title: expect.any(String),
      vendor: 'AWS',
      classes: expect.arrayContaining(['api_activity']),
    });
    for (const { keys } of list) expect(keys.map((key) => new RegExp(key))).toHaveLength(1);
  });
});

describe('yagura lake normalize', () => {
  it('prints one event a line in the order of the input', async () => {
    writeFileSync(join(folder, 'trail.json'), fixture('aws-cloudtrail', 'management.input.json'));

    const { code, out, err } = await yagura('lake', 'normalize', 'trail.json', '--format', 'jsonl');

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(lines(out)).toEqual(JSON.parse(fixture('aws-cloudtrail', 'management.expected.json').toString()).events);
  });

  it('prints quarantined records on standard error and ends with 3', async () => {
    writeFileSync(join(folder, 'flow.log'), fixture('aws-vpc-flow', 'broken.input.log'));

    const { code, out, err } = await yagura('lake', 'normalize', '--source', 'aws.vpc-flow', 'flow.log');

    expect(code).toBe(3);
    expect(lines(out)).toHaveLength(2);
    expect(lines(err)).toEqual(
      [1, 2, 3].map((record) =>
        expect.objectContaining({ record, reason: expect.any(String), bytes: expect.any(String) }),
      ),
    );
  });

  it('names what comes near where the source is not recognised', async () => {
    writeFileSync(join(folder, 'strange.log'), 'one strange line\nanother strange line\n');

    const { code, err } = await yagura(
      'lake',
      'normalize',
      'strange.log',
      '--key',
      'AWSLogs/111122223333/vpcflowlogs/x.log',
    );

    expect(code).toBe(1);
    expect(err).toContain('aws.vpc-flow');
    expect(err).toContain('--source');
  });

  it('says so when there is no such source or file', async () => {
    expect(await yagura('lake', 'normalize', '--source', 'aws.vpcflow', 'x.log')).toMatchObject({
      code: 1,
      err: expect.stringContaining('aws.vpc-flow'),
    });
    expect(await yagura('lake', 'normalize', 'missing.log')).toMatchObject({
      code: 1,
      err: expect.stringContaining('missing.log'),
    });
  });
});

describe('a lake on the command line', () => {
  beforeEach(async () => {
    writeFileSync(join(folder, 'trail.json'), fixture('aws-cloudtrail', 'management.input.json'));
    writeFileSync(join(folder, 'flow.log'), fixture('aws-vpc-flow', 'default-v2.input.log'));
  });

  it('is written by ingest, which adds up', async () => {
    const { code, out } = await yagura(
      'lake',
      'ingest',
      'trail.json',
      'flow.log',
      '--data',
      'data',
      '--format',
      'json',
    );

    const summary = JSON.parse(out) as Record<string, number>;
    expect(code).toBe(0);
    expect(summary).toMatchObject({
      objects: 2,
      records: 8,
      written: 8,
      excluded: 0,
      quarantined: 0,
      bytes: expect.any(Number),
      seconds: expect.any(Number),
    });
  });

  it('answers SQL as table, JSON, JSON lines and CSV', async () => {
    await yagura('lake', 'ingest', 'trail.json', 'flow.log', '--data', 'data');
    const sql = 'SELECT class_name, count(*) AS n FROM events GROUP BY 1 ORDER BY 1';

    const [table, json, jsonl, csv] = await Promise.all(
      ['table', 'json', 'jsonl', 'csv'].map((format) =>
        yagura('lake', 'query', sql, '--data', 'data', '--format', format),
      ),
    );

    expect(table?.out).toContain('Network Activity');
    expect(JSON.parse(json?.out ?? '')).toContainEqual({ class_name: 'Network Activity', n: '4' });
    expect(lines(jsonl?.out ?? '')).toContainEqual({ class_name: 'Network Activity', n: '4' });
    expect(csv?.out.split('\r\n')).toContain('Network Activity,4');
  });

  it.each([
    "COPY (SELECT 1) TO 'stolen.csv'",
    "COPY (SELECT 1) TO 'data/lake/inside.parquet'",
    "ATTACH 'x.db'",
    "SET memory_limit = '1TB'",
    'CREATE TABLE t (a INT)',
    'DROP VIEW events',
    'SELECT 1; SELECT 2',
    'INSTALL httpfs',
    'PRAGMA database_list',
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_blob('data/lake/manifest.sqlite')",
    "SELECT getenv('HOME')",
    "SELECT current_setting('memory_limit')",
    'SELECT * FROM duckdb_settings()',
    "SELECT * FROM query('SELECT 1')",
    'SELECT * FROM information_schema.tables',
    "WITH x AS (SELECT * FROM read_text('/etc/hosts')) SELECT * FROM x",
    "SELECT (SELECT content FROM read_text('/etc/hosts'))",
  ])('refuses %s', async (sql) => {
    await yagura('lake', 'ingest', 'trail.json', '--data', 'data');

    const { code, out, err } = await yagura('lake', 'query', sql, '--data', 'data');

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^yagura: /);
  });

  it('stops a query that takes too long', async () => {
    await yagura('lake', 'ingest', 'trail.json', '--data', 'data');

    const { code, err } = await yagura(
      'lake',
      'query',
      'SELECT count(*) FROM range(10000000000) a, range(1000000) b',
      '--data',
      'data',
      '--timeout',
      '1',
    );

    expect(code).toBe(1);
    expect(err).toContain('1 s');
  });

  it('is searched by fields, networks and words', async () => {
    await yagura('lake', 'ingest', 'trail.json', 'flow.log', '--data', 'data');
    const search = async (query: string): Promise<number> => {
      const { out } = await yagura(
        'search',
        query,
        '--data',
        'data',
        '--from',
        '2026-01-01',
        '--to',
        '2027-01-01',
        '--format',
        'jsonl',
      );
      return out === '' ? 0 : lines(out).length;
    };

    expect(await search('')).toBe(8);
    expect(await search('actor.user.name:kenji')).toBe(1);
    expect(await search('src_endpoint.ip:203.0.113.0/24')).toBe(2);
    expect(await search('src_endpoint.ip:2001:db8::/32')).toBe(1);
    expect(await search('status:Failure')).toBe(2);
    expect(await search('class:"API Activity" OR class:Auth*')).toBe(3);
    expect(await search('-class_name:"Network Activity" -status:Failure')).toBe(2);
    expect(await search('"sg-0123456789abcdef0"')).toBe(1);
    expect(await search('traffic.bytes:>=90000')).toBe(1);
    expect(await search('NOT (class:Network* OR class:Auth*)')).toBe(2);
  });

  it('says where a search cannot be read, and which field no event has', async () => {
    await yagura('lake', 'ingest', 'trail.json', '--data', 'data');

    expect(await yagura('search', 'a (b', '--data', 'data')).toMatchObject({
      code: 1,
      err: expect.stringContaining('character 5'),
    });
    expect(await yagura('search', 'actor.usr.name:x', '--data', 'data')).toMatchObject({
      code: 1,
      err: expect.stringContaining('actor.usr.name'),
    });
  });
});
