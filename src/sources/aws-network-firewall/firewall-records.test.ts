import { describe, expect, it } from 'vitest';
import { sampleOf } from '#core/lake/source/recognise.ts';
import { firewallRecords, isFirewallLog } from './firewall-records.ts';

const record = '{"firewall_name":"fw","availability_zone":"ap-northeast-1a","event_timestamp":"1","event":{}}';

describe('firewall records', () => {
  it('keep the digits of a flow id that no double holds', () => {
    const text = '{"firewall_name":"fw","event":{"flow_id":9223372036854775807}}';

    const decoded = firewallRecords({ record: JSON.parse(text), text }, { key: 'a', receivedAt: 0 });

    expect(JSON.stringify(decoded)).toContain('"flow_id":9223372036854775807');
  });

  it('have the account and Region of their key', () => {
    const key = 'AWSLogs/111122223333/network-firewall/alert/eu-west-1/fw/2026/11/24/01/a.log.gz';

    const decoded = firewallRecords({ record: JSON.parse(record), text: record }, { key, receivedAt: 0 });

    expect(decoded).toMatchObject([{ row: { key_place: { account: '111122223333', region: 'eu-west-1' } } }]);
  });

  it('are trouble where a message is no JSON', () => {
    const event = { id: '1', timestamp: 1, message: record.slice(0, 40) };
    const input = { record: event, text: JSON.stringify(event), envelope: { owner: '111122223333' } };

    expect(firewallRecords(input, { key: 'a', receivedAt: 0 })).toMatchObject([
      { kind: 'trouble', trouble: { reason: 'message.not-json' } },
    ]);
  });
});

describe('the content of firewall logs', () => {
  const long = 'x'.repeat(70_000);

  it.each([
    ['records', `${record}\n${record}\n`],
    ['a subscription', `{"owner":"1","logEvents":[{"id":"1","message":${JSON.stringify(record)}}]}`],
    ['a long subscription', `{"logEvents":[{"message":${JSON.stringify(record)}},{"message":"${long}"}]}`],
  ])('is recognised in %s', (_what, text) => {
    expect(isFirewallLog(sampleOf('key', Buffer.from(text)))).toBe(true);
  });

  it.each([
    ['other JSON', '{"firewall_name":"fw","event":{}}'],
    ['another subscription', '{"logEvents":[{"message":"firewall_name"}]}'],
    ['nothing', ''],
  ])('is not recognised in %s', (_what, text) => {
    expect(isFirewallLog(sampleOf('key', Buffer.from(text)))).toBe(false);
  });
});
