import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type {
  LakeEvents,
  LakeFacets,
  LakeFields,
  LakeHistogram,
  LakeSources,
  OriginalRecord,
  QuarantinePage,
} from '#ports/http-api.ts';
import { lakePerTest, type TestLake } from '../../../../test/lake/lake-per-test.ts';
import { type Home, homePerTest } from '../../../../test/stand-ins/yagura-home.ts';

const openLake = lakePerTest();
const openHome = homePerTest();
const RANGE = 'from=2026-11-01&to=2026-12-01';

const record = (minute: number, name: string, userAgent = 'aws-cli') => ({
  eventVersion: '1.11',
  eventID: `00000000-0000-0000-0000-00000000000${minute}`,
  eventTime: `2026-11-24T01:0${minute}:00Z`,
  eventSource: 's3.amazonaws.com',
  eventName: name,
  awsRegion: 'ap-northeast-1',
  sourceIPAddress: '203.0.113.7',
  userAgent,
  userIdentity: {
    type: 'IAMUser',
    userName: 'alice',
    accountId: '111122223333',
    principalId: 'AIDAEXAMPLE',
    arn: 'arn:aws:iam::111122223333:user/alice',
  },
  eventType: 'AwsApiCall',
  eventCategory: 'Management',
  managementEvent: true,
  readOnly: true,
  recipientAccountId: '111122223333',
});

describe('the lake over HTTP', () => {
  let home: Home;
  let lake: TestLake;
  let file: string;

  beforeEach(async () => {
    lake = openLake();
    const records = [
      record(1, 'ListBuckets'),
      record(2, 'GetBucketPolicy', '=cmd()'),
      { ...record(3, 'Bad'), eventTime: 'never' },
    ];
    file = lake.write(
      'AWSLogs/111122223333/CloudTrail/ap-northeast-1/2026/11/24/111122223333_CloudTrail_ap-northeast-1_20261124T0105Z_a.json',
      JSON.stringify({ Records: records }),
    );
    await lake.ingest([file]);
    home = await openHome({ dataDir: lake.folder });
  });

  it('finds events by a query, newest first', async () => {
    const answer = await home.get<LakeEvents>(`/api/lake/events?${RANGE}&query=user:alice%20ip:203.0.113.0/24`);

    expect(answer.hits.map(({ event }) => (event['api'] as { operation: string }).operation)).toEqual([
      'GetBucketPolicy',
      'ListBuckets',
    ]);
    expect(answer.problem).toBeNull();
  });

  it('counts events by time and by value', async () => {
    const { buckets } = await home.get<LakeHistogram>(`/api/lake/histogram?${RANGE}`);
    const { facets } = await home.get<LakeFacets>(`/api/lake/facets?${RANGE}&fields=api.operation,cloud.region`);

    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(facets).toEqual([
      {
        field: 'api.operation',
        values: [
          { value: 'GetBucketPolicy', count: 1 },
          { value: 'ListBuckets', count: 1 },
        ],
      },
      { field: 'cloud.region', values: [{ value: 'ap-northeast-1', count: 2 }] },
    ]);
  });

  it.each([
    ['user:"alice', 5],
    ['user:alice nosuch.field:1', 11],
  ])('says where %s is wrong', async (query, at) => {
    const { problem, hits } = await home.get<LakeEvents>(
      `/api/lake/events?${RANGE}&query=${encodeURIComponent(query)}`,
    );

    expect([problem?.at, hits]).toEqual([at, []]);
  });

  it('shows the original record while its object is there, and says when it is not', async () => {
    const [hit] = (await home.get<LakeEvents>(`/api/lake/events?${RANGE}`)).hits;
    const path = `/api/lake/original?object=${encodeURIComponent(hit?.object ?? '')}&record=${hit?.record}`;

    const there = await home.get<OriginalRecord>(path);
    rmSync(file);
    const gone = await home.get<OriginalRecord>(path);

    expect(there.state === 'found' && JSON.parse(there.text)).toEqual(record(2, 'GetBucketPolicy', '=cmd()'));
    expect(gone.state).toBe('gone');
  });

  it('answers one SELECT and nothing else', async () => {
    const good = await home.write('POST', '/api/lake/sql', { sql: 'SELECT count(*) AS n FROM api_activity' });
    const bad = await home.write('POST', '/api/lake/sql', { sql: "COPY (SELECT 1) TO '/tmp/x'" });

    expect(good.json).toMatchObject({ rows: [{ n: '2' }], isCut: false });
    expect(bad.status).toBe(403);
  });

  it('names fields for completion', async () => {
    const { fields } = await home.get<LakeFields>('/api/lake/fields');

    expect(fields).toEqual(expect.arrayContaining(['user', 'actor.user.name', 'src_endpoint.ip', 'resources.uid']));
  });

  it('tells what each source brought, and shows quarantined bytes', async () => {
    const { sources } = await home.get<LakeSources>('/api/lake/sources');
    const { items } = await home.get<QuarantinePage>('/api/lake/quarantine?source=aws.cloudtrail');

    expect(sources).toMatchObject([{ source: 'aws.cloudtrail', written: 2, quarantined: 1 }]);
    expect(items[0]?.text).toContain('"never"');
    expect(items[0]?.hex).toMatch(/^[0-9a-f]+$/);
  });

  it('downloads CSV that no spreadsheet takes for a formula, and NDJSON', async () => {
    const csv = await home.call('GET', `/api/lake/download?${RANGE}&format=csv`);
    const ndjson = await home.call('GET', `/api/lake/download?${RANGE}&format=ndjson`);

    expect(csv.headers['content-disposition']).toContain('attachment');
    expect(csv.text.split('\r\n')).toHaveLength(4);
    expect(csv.text.split('\r\n').some((line) => /(^|,)"?[=+@-]/.test(line.split(',"{')[0] ?? ''))).toBe(false);
    expect(
      ndjson.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toHaveLength(2);
  });
});

it('answers with nothing while no lake is there, and makes none', async () => {
  const home = await openHome();

  const events = await home.get<LakeEvents>('/api/lake/events');
  const sources = await home.get<LakeSources>('/api/lake/sources');

  expect([events.empty, events.hits, sources.sources]).toEqual([true, [], []]);
  expect(existsSync(join(home.dataDir, 'lake'))).toBe(false);
});
