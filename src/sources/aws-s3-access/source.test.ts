import { describe, expect, it } from 'vitest';
import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { s3LineParser } from './parse-line.ts';
import { regionOfHost } from './region-of-host.ts';
import { source } from './source.ts';

describeLogSource(source, { folder: import.meta.dirname, samples: ['s3-access/*'] });

describe('a line of an S3 server access log', () => {
  const head =
    '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be bucket [06/Feb/2026:00:00:38 +0000] 192.0.2.3 - 3E57427F3EXAMPLE REST.GET.OBJECT key';
  const parse = s3LineParser('logs/2026-02-06-00-00-38-0123456789ABCDEF');

  it('ends its request at the first quote with a status and numbers behind it', () => {
    const parsed = parse(`${head} "GET /a" 200 " HTTP/1.1" 403 AccessDenied 243 - 7 - "-" "x" 200 - 1 1 1 1 "y" "z" -`);

    expect(parsed).toMatchObject({
      row: {
        request_url: '/a" 200 "',
        http_status: '403',
        error_code: 'AccessDenied',
        referrer: null,
        user_agent: 'x" 200 - 1 1 1 1 "y" "z',
        quoted_text: '"-" "x" 200 - 1 1 1 1 "y" "z"',
      },
    });
  });

  it('is trouble where its quotes fit nowhere, at once even for a long one', () => {
    expect(parse(`${head} "GET /a" OK - - - - - "-" "x" -`)).toMatchObject({ trouble: { reason: 'line.quotes' } });
    expect(parse(`${head} "${'" 200 - 1 1 1 1 "x'.repeat(50_000)}`)).toMatchObject({
      trouble: { reason: 'line.quotes' },
    });
  });

  it('tells account and Region by the key of a partitioned log only', () => {
    const line = `${head} "GET /key HTTP/1.1" 200 - 1 1 1 1 "-" "x" -`;
    const keys = [
      'logs/111122223333/eu-west-1/bucket/2026/02/06/2026-02-06-00-00-38-0123456789ABCDEF',
      'logs/2026-02-06-00-00-38-0123456789ABCDEF',
    ];

    const rows = keys.map((key) => s3LineParser(key)(line));

    expect(rows).toMatchObject([
      { row: { key_account: '111122223333', key_region: 'eu-west-1' } },
      { row: { key_account: null, key_region: null } },
    ]);
  });
});

describe('the Region of an S3 host name', () => {
  it.each([
    ['bucket.s3.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['s3-ap-northeast-1.amazonaws.com', 'ap-northeast-1'],
    ['bucket.s3-us-west-2.amazonaws.com', 'us-west-2'],
    ['bucket.s3.dualstack.ap-northeast-1.amazonaws.com', 'ap-northeast-1'],
    ['ap-111122223333.s3-accesspoint.us-east-2.amazonaws.com', 'us-east-2'],
    ['bucket.s3-website.eu-central-1.amazonaws.com', 'eu-central-1'],
    ['bucket.s3.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['bucket.s3.amazonaws.com', null],
    ['s3.eu-west-1.amazonaws.com.example.com', null],
    ['bucket.ec2.eu-west-1.amazonaws.com', null],
    ['example.com', null],
    [null, null],
  ])('of %s is %s', (host, region) => {
    expect(regionOfHost(host)).toBe(region);
  });
});
