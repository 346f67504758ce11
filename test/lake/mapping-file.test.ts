import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildProgram, runProgram } from '#apps/cli/program.ts';
import { loadSchema, validateEvent } from '../ocsf/validate-event.ts';

const schema = loadSchema();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-mapping-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function yagura(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const out = (text: string): void => {
    said.out += text;
  };
  const err = (text: string): void => {
    said.err += text;
  };
  const terminal = { out, err, env: {}, cwd: folder };
  const code = await runProgram(buildProgram(terminal), words, terminal);
  return { code, ...said };
}

interface Given {
  readonly format: string;
  readonly time: string;
  readonly map: readonly string[];
  readonly lines: readonly string[];
  readonly first: object;
}

const cases: Readonly<Record<string, Given>> = {
  'JSON with objects': {
    format: '{ kind: json, at: [events] }',
    time: '{ field: when.at, format: epoch-s }',
    map: ['activity_id: 1', 'user.name: $who', 'dst_endpoint.hostname: $host'],
    lines: [
      JSON.stringify({ events: [{ when: { at: 1_790_000_000 }, who: 'akiko', host: 'db1', more: { deep: [1, 2] } }] }),
    ],
    first: { time: 1_790_000_000_000, user: { name: 'akiko' }, unmapped: { 'more.deep': '[1,2]' } },
  },
  'CSV with a header': {
    format: '{ kind: csv }',
    time: "{ field: at, format: '%d.%m.%Y %H:%M:%S', zone: Asia/Tokyo }",
    map: [
      'activity_id: 1',
      'user.name: $name',
      'dst_endpoint.hostname: $host',
      'src_endpoint.port: $port',
      'src_endpoint.name: $name',
    ],
    lines: ['at,name,host,port', '23.11.2026 09:00:00,"akiko, of security",db1,4022'],
    first: { time_dt: '2026-11-23T00:00:00Z', user: { name: 'akiko, of security' }, src_endpoint: { port: 4022 } },
  },
  CEF: {
    format: '{ kind: cef }',
    time: '{ field: rt, format: epoch-ms }',
    map: ['activity_id: 1', 'user.name: $duser', 'dst_endpoint.hostname: $dhost', 'src_endpoint.ip: $src'],
    lines: [
      '<134>Nov 23 01:02:03 wall CEF:0|Example|Wall|1.0|100|login|3|rt=1790000000000 duser=akiko dhost=db1 src=192.0.2.9',
    ],
    first: { time: 1_790_000_000_000, src_endpoint: { ip: '192.0.2.9' }, dst_endpoint: { hostname: 'db1' } },
  },
  LEEF: {
    format: '{ kind: leef }',
    time: '{ field: devTime, format: epoch-ms }',
    map: ['activity_id: 1', 'user.name: $usrName', 'dst_endpoint.hostname: $dst'],
    lines: ['LEEF:1.0|Example|Wall|1.0|login|devTime=1790000000000\tusrName=akiko\tdst=db1'],
    first: { user: { name: 'akiko' } },
  },
  'a regular expression': {
    format: "{ kind: regex, pattern: '^(?<at>\\S+) (?<user>\\w+) (?<result>\\w+) on (?<host>\\S+)$' }",
    time: '{ field: at }',
    map: [
      'activity_id: 1',
      'user.name: $user',
      'dst_endpoint.hostname: $host',
      'status_id: { from: result, values: { ok: 1, bad: 2 } }',
    ],
    lines: ['2026-11-23T09:00:00+09:00 akiko bad on db1'],
    first: { time_dt: '2026-11-23T00:00:00Z', status: 'Failure', unmapped: { result: 'bad' } },
  },
  syslog: {
    format: '{ kind: syslog }',
    time: '{ field: syslog.timestamp, format: syslog }',
    map: [
      'activity_id: 99',
      'user.name: $syslog.appName',
      'dst_endpoint.hostname: $syslog.hostname',
      'message: $message',
    ],
    lines: ['<38>1 2026-11-23T00:00:00Z ctl1 doord 77 - - door opened'],
    first: { time_dt: '2026-11-23T00:00:00Z', message: 'door opened', dst_endpoint: { hostname: 'ctl1' } },
  },
};

it.each(Object.entries(cases))('maps %s without code', async (_name, { format, time, map, lines, first }) => {
  const yaml = [
    'id: example.door',
    'title: Door',
    'vendor: Example',
    'class: authentication',
    'recognise: { key: door }',
    `format: ${format}`,
    `time: ${time}`,
    'map:',
    ...map.map((line) => `  ${line}`),
  ];
  mkdirSync(join(folder, 'data/sources'), { recursive: true });
  writeFileSync(join(folder, 'data/sources/door.yaml'), yaml.join('\n'));
  writeFileSync(join(folder, 'door.log'), lines.join('\n'));

  const tried = await yagura('sources', 'test', 'data/sources/door.yaml', 'door.log', '--format', 'json');
  const { code, out } = await yagura('lake', 'normalize', 'door.log', '--data', 'data');

  expect(tried).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(tried.out)).toMatchObject([{ events: 1, quarantined: [], missing: {} }]);
  expect(code).toBe(0);
  const event: unknown = JSON.parse(out);
  expect(event).toMatchObject(first);
  expect(schema === undefined ? [] : validateEvent(schema, event)).toEqual([]);
});

it('quarantines a value that is none of its kind, and says which attribute', async () => {
  writeFileSync(
    join(folder, 'door.yaml'),
    'id: example.door\ntitle: Door\nvendor: Example\nclass: authentication\nrecognise: { key: door }\nformat: { kind: json }\ntime: { field: t }\nmap: { activity_id: 1, user.name: $u, dst_endpoint.hostname: $h, src_endpoint.port: $p }\n',
  );
  writeFileSync(
    join(folder, 'door.json'),
    '{"t":"2026-11-23T00:00:00Z","u":"a","h":"b","p":"many"}\n{"t":"2026-11-23T00:00:00Z","u":"a","h":"b","p":"22"}\n',
  );

  const { code, out } = await yagura('sources', 'test', 'door.yaml', 'door.json');

  expect(code).toBe(3);
  expect(out).toContain('src_endpoint.port.invalid');
});
