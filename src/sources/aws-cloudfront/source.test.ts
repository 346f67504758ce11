import { describe, expect, it } from 'vitest';
import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { cloudFrontLineParser } from './parse-line.ts';
import { plainName } from './plain-name.ts';
import { realtimeFields } from './realtime-fields.ts';
import { source } from './source.ts';

describeLogSource(source, { folder: import.meta.dirname, samples: ['cloudfront/*'] });

describe('lines of a CloudFront log', () => {
  it('are named by the last #Fields line, whatever separates the values', () => {
    const parse = cloudFrontLineParser('E2EXAMPLE1.2026-11-20-03.0abc.gz');
    parse('#Fields: date c-ip sc-status');
    const spaced = parse('2026-11-20 192.0.2.1 200');
    parse('#Fields:\tsc-status\tc-ip');
    const tabbed = parse('403\t192.0.2.2');

    expect([spaced, tabbed]).toMatchObject([
      { row: { date: '2026-11-20', c_ip: '192.0.2.1', sc_status: '200', key_distribution: 'E2EXAMPLE1' } },
      { row: { c_ip: '192.0.2.2', sc_status: '403' } },
    ]);
  });

  it('without names are trouble that says what to do', () => {
    const parse = cloudFrontLineParser('realtime.gz');

    expect(parse('1795132838.123\t192.0.2.1\t200')).toMatchObject({
      trouble: { reason: 'fields.unknown', detail: expect.stringContaining('#Fields') },
    });
  });

  it('in JSON keep two keys apart that have one name', () => {
    const parse = cloudFrontLineParser('v2.gz');

    expect(parse('{"cs-host":"a","cs(Host)":"b","cs_host_2":"c","sc-range-start":"-"}')).toMatchObject({
      row: { cs_host: 'a', cs_host_2: 'b', cs_host_2_2: 'c', sc_range_start: null },
    });
  });

  it('name the addresses of X-Forwarded-For only where all are some', () => {
    const parse = cloudFrontLineParser('v2.gz');

    expect(parse('{"x-forwarded-for":"192.0.2.9,%202001:db8::1"}')).toMatchObject({
      row: { forwarded_ips: ['192.0.2.9', '2001:db8::1'], x_forwarded_for: null },
    });
    expect(parse('{"x-forwarded-for":"192.0.2.9,%20unknown"}')).toMatchObject({
      row: { forwarded_ips: null, x_forwarded_for: '192.0.2.9,%20unknown' },
    });
  });

  it('tell the account by keys of v2 only', () => {
    const account = (key: string): unknown => {
      const parsed = cloudFrontLineParser(key)('{"sc-status":"200"}');
      return parsed !== undefined && 'row' in parsed ? parsed.row['key_account'] : parsed;
    };

    expect(account('AWSLogs/111122223333/CloudFront/E2EXAMPLE1.2026-11-20-03.0abc.gz')).toBe('111122223333');
    expect(account('p/AWSLogs/aws-account-id=111122223333/CloudFront/DistributionId=E2EXAMPLE1/x.gz')).toBe(
      '111122223333',
    );
    expect(account('logs/E2EXAMPLE1.2026-11-20-03.0abc.gz')).toBeNull();
  });
});

describe('names of CloudFront fields', () => {
  it.each([
    ['cs(User-Agent)', 'cs_user_agent'],
    ['cs-user-agent', 'cs_user_agent'],
    ['timestamp(ms)', 'timestamp_ms'],
    ['DistributionId', 'distributionid'],
    ['x_edge_location', 'x_edge_location'],
    ['()', '_'],
  ])('%s is %s', (name, plain) => {
    expect(plainName(name)).toBe(plain);
  });

  it('of real-time logs are known for every full set of fields there was', () => {
    expect([40, 43, 46, 49, 64, 67, 68, 69].map((count) => realtimeFields(count)?.length)).toEqual([
      40, 43, 46, 49, 64, 67, 68, 69,
    ]);
    expect(realtimeFields(49)?.slice(-3)).toEqual(['r-host', 'sr-reason', 'x-edge-mqcs']);
    expect(realtimeFields(41)).toBeUndefined();
  });
});
