import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { lakePerTest } from './lake-per-test.ts';

const newLake = lakePerTest();
const trail =
  'AWSLogs/111122223333/CloudTrail/ap-northeast-1/2026/11/24/111122223333_CloudTrail_ap-northeast-1_20261124T0000Z_abcdefgh12345678.json.gz';
const flows =
  'AWSLogs/111122223333/vpcflowlogs/ap-northeast-1/2026/11/24/111122223333_vpcflowlogs_ap-northeast-1_fl-1_20261124T0000Z_12345678.log.gz';

function call(number: number, more: object = {}): object {
  return {
    eventVersion: '1.09',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE',
      arn: 'arn:aws:iam::111122223333:user/kenji',
      accountId: '111122223333',
      userName: 'kenji',
    },
    eventTime: `2026-11-23T0${number % 10}:00:00Z`,
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    awsRegion: 'ap-northeast-1',
    sourceIPAddress: '203.0.113.20',
    userAgent: 'aws-cli/2.30.0',
    eventID: `event-${number}`,
    requestID: `request-${number}`,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
    ...more,
  };
}

const calls = (count: number): object[] => Array.from({ length: count }, (_, number) => call(number));
const document = (records: readonly object[]): string => JSON.stringify({ Records: records });
const flow = (number: number): string =>
  `2 111122223333 eni-0a1b2c3d4e5f60718 203.0.113.12 192.0.2.25 ${50_000 + number} 22 6 14 2680 1790000000 1790000060 REJECT OK`;
const header =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

type Counts = readonly [written: number, quarantined: number];

async function countsOf(key: string, content: Buffer | string): Promise<Counts> {
  const lake = newLake();
  lake.write(key, content);
  const summary = await lake.ingest();
  expect(summary.failed).toEqual([]);
  expect(summary.records).toBe(summary.written + summary.excluded + summary.quarantined);
  const [row] = summary.written === 0 ? [{ n: 0 }] : await lake.ask('SELECT count(*) AS n FROM events');
  expect(Number(row?.['n'])).toBe(summary.written);
  return [summary.written, summary.quarantined];
}

describe('broken JSON', () => {
  it('keeps every complete record of a truncated gzip', async () => {
    const zipped = gzipSync(
      document(Array.from({ length: 400 }, (_, number) => call(number, { note: randomBytes(40).toString('hex') }))),
    );

    const [written, quarantined] = await countsOf(trail, zipped.subarray(0, Math.floor(zipped.length / 2)));

    expect(written).toBeGreaterThan(120);
    expect(written).toBeLessThan(280);
    expect(quarantined).toBe(1);
  });

  it('quarantines one malformed element between intact ones alone', async () => {
    const text = document(calls(9)).replace('"eventID":"event-4"', '"eventID":event-4"');

    expect(await countsOf(trail, gzipSync(text))).toEqual([8, 1]);
  });

  it('quarantines a record of another type alone', async () => {
    const records = [...calls(3), 'a text', ...calls(3)] as object[];

    expect(await countsOf(trail, document(records))).toEqual([6, 1]);
  });

  it('quarantines a record with a key that stands twice', async () => {
    const text = document(calls(3)).replace('"eventID":"event-1"', '"eventID":"event-1","eventID":"other"');

    expect(await countsOf(trail, text)).toEqual([2, 1]);
  });

  it('loses no neighbour of a record that is nested 10,000 deep', async () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    const text = document(calls(3)).replace('"userAgent":"aws-cli/2.30.0"', `"userAgent":${deep}`);

    const [written, quarantined] = await countsOf(trail, text);

    expect(written + quarantined).toBe(3);
    expect(written).toBeGreaterThanOrEqual(2);
  });

  it('reads UTF-8 with a byte order mark, and UTF-16', async () => {
    const text = document(calls(4));

    expect(await countsOf(trail, `\uFEFF${text}`)).toEqual([4, 0]);
    expect(await countsOf(trail, Buffer.from(`\uFEFF${text}`, 'utf16le'))).toEqual([4, 0]);
  });

  it('reads a name ending in .json.gz that is not gzip, and gzip whose name does not say so', async () => {
    expect(await countsOf(trail, document(calls(2)))).toEqual([2, 0]);
    expect(await countsOf(trail.replace('.gz', ''), gzipSync(document(calls(2))))).toEqual([2, 0]);
  });

  it('reads all members of a gzip file, and bytes behind the last cost no record', async () => {
    const members = Buffer.concat([gzipSync(document(calls(3))), gzipSync(document(calls(2)))]);

    expect(await countsOf(trail, members)).toEqual([5, 0]);
    expect(await countsOf(trail, Buffer.concat([members, Buffer.from('garbage')]))).toEqual([5, 1]);
  });

  it('reads documents without anything between them, and pretty-printed ones', async () => {
    expect(await countsOf(trail, document(calls(3)) + document(calls(2)))).toEqual([5, 0]);
    expect(await countsOf(trail, JSON.stringify({ Records: calls(3) }, null, 2))).toEqual([3, 0]);
  });

  it('replaces half a surrogate pair instead of losing the record', async () => {
    const text = document(calls(3)).replace('aws-cli/2.30.0', 'aws\\ud83dcli');

    expect(await countsOf(trail, text)).toEqual([3, 0]);
  });

  it('keeps NUL characters from costing a neighbour', async () => {
    const text = document(calls(3)).replace('aws-cli/2.30.0', 'aws\\u0000cli');

    const [written, quarantined] = await countsOf(trail, text);

    expect(written + quarantined).toBe(3);
    expect(written).toBeGreaterThanOrEqual(2);
  });

  it('quarantines events of a clock that is far ahead', async () => {
    expect(await countsOf(trail, document([call(0), call(1, { eventTime: '2031-01-01T00:00:00Z' })]))).toEqual([1, 1]);
  });

  it('counts an empty object as one quarantined record and an empty document as none', async () => {
    expect(await countsOf(trail, '')).toEqual([0, 1]);
    expect(await countsOf(trail, document([]))).toEqual([0, 0]);
  });

  it('refuses a zip bomb', async () => {
    const [written, quarantined] = await countsOf(trail, gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '), { level: 9 }));

    expect(written).toBe(0);
    expect(quarantined).toBeLessThanOrEqual(1);
  });
});

describe('broken lines', () => {
  it('keeps the last line without its end, and reads CRLF', async () => {
    expect(await countsOf(flows, [flow(1), flow(2), flow(3)].join('\n'))).toEqual([3, 0]);
    expect(await countsOf(flows, [header, flow(1), flow(2), ''].join('\r\n'))).toEqual([2, 0]);
  });

  it('counts 0 records in a file with only a header', async () => {
    expect(await countsOf(flows, `${header}\n`)).toEqual([0, 0]);
  });

  it('quarantines a line with too few values alone', async () => {
    expect(await countsOf(flows, [flow(1), flow(2).slice(0, 40), flow(3)].join('\n'))).toEqual([2, 1]);
  });

  it('quarantines a line with a NUL byte alone', async () => {
    expect(await countsOf(flows, [flow(1), flow(2).replace('eni-', 'eni\0'), flow(3)].join('\n'))).toEqual([2, 1]);
  });

  it('keeps complete lines of a truncated gzip', async () => {
    const lines = Array.from({ length: 2000 }, (_, number) => flow(number).replace('2680', String(number * 7919)));
    const zipped = gzipSync(lines.join('\n'));

    const [written, quarantined] = await countsOf(flows, zipped.subarray(0, Math.floor(zipped.length / 2)));

    expect(written).toBeGreaterThan(500);
    expect(written).toBeLessThan(1500);
    expect(quarantined).toBe(1);
  });
});

describe('objects that are ingested again', () => {
  it('are left alone while they are unchanged', async () => {
    const lake = newLake();
    lake.write(trail, document(calls(5)));
    await lake.ingest();

    const again = await lake.ingest();

    expect(again).toMatchObject({ objects: 0, unchanged: 1, records: 0 });
  });

  it('replace their rows, and no other object loses one', async () => {
    const lake = newLake();
    const path = lake.write(trail, document(calls(5)));
    lake.write(trail.replace('abcdefgh', 'zzzzzzzz'), document(calls(3)));
    await lake.ingest();
    lake.write(trail, document(calls(2)));

    await lake.ingest([path]);

    expect(await lake.ask('SELECT _object, count(*) AS n FROM events GROUP BY 1 ORDER BY 2')).toMatchObject([
      { n: '2' },
      { n: '3' },
    ]);
  });

  it('leave the files they replace to readers that know them, until compaction removes them', async () => {
    const lake = newLake();
    lake.write(trail, document(calls(5)));
    await lake.ingest();
    const known = lake.manifest.files();

    await lake.ingest(undefined, { again: true });

    expect(known.map((file) => existsSync(join(lake.root, file.path)))).toEqual([true]);
    expect(lake.manifest.files().map((file) => file.path)).not.toEqual(known.map((file) => file.path));
    expect(lake.manifest.retired(Number.MAX_SAFE_INTEGER).map((file) => file.path)).toEqual(
      known.map((file) => file.path),
    );
  });

  it('never stand twice, even when everything is ingested again', async () => {
    const lake = newLake();
    lake.write(trail, document(calls(5)));
    lake.write(flows, [flow(1), flow(2)].join('\n'));
    await lake.ingest(undefined, { jobs: 2 });

    await lake.ingest(undefined, { again: true, jobs: 2 });

    expect(await lake.ask('SELECT class_uid, count(*) AS n FROM events GROUP BY 1 ORDER BY 1')).toEqual([
      { class_uid: 4001, n: '2' },
      { class_uid: 6003, n: '5' },
    ]);
  });
});
