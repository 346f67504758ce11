import { describe, expect, it } from 'vitest';
import { sampleOf } from '#core/lake/source/recognise.ts';
import { isLogSubscription } from './recognise-logs.ts';

function subscription(logGroup: string, message: unknown): string {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup,
    logStream: 'stream',
    subscriptionFilters: ['all'],
    logEvents: [{ id: '1', timestamp: 1_795_136_400_000, message: text }],
  });
}

function isRecognised(text: string): boolean {
  return isLogSubscription(sampleOf('logs/2026/11/20/01/file', Buffer.from(text)));
}

describe('isLogSubscription', () => {
  it.each([
    ['text of a function', subscription('/aws/lambda/orders-api', 'START RequestId: x Version: $LATEST')],
    ['JSON of an application', subscription('/prod/shop', { level: 'info', msg: 'hello', event: { eventName: 'x' } })],
    [
      'error logs of a database',
      subscription('/aws/rds/instance/db-1/error', '2026-11-20 [Warning] Aborted connection'),
    ],
    ['a name that is like a trail', subscription('/aws/lambda/cloudtrail-to-slack', 'done')],
    [
      'an event of an application',
      subscription('/aws/events/shop', { 'detail-type': 'order', source: 'com.example.shop', detail: {} }),
    ],
    ['a document longer than the sample', subscription('/ecs/shop', 'x'.repeat(100_000))],
    ['documents one behind the other', subscription('/ecs/shop', 'a') + subscription('/ecs/shop', 'b')],
  ])('takes %s', (_name, text) => {
    expect(isRecognised(text)).toBe(true);
  });

  it.each([
    [
      'Kubernetes audit',
      subscription('/aws/eks/prod/cluster', { kind: 'Event', auditID: 'a', stage: 'x', requestURI: '/' }),
    ],
    [
      'database audit',
      subscription('/aws/rds/cluster/orders/audit', "1795136400000000,db,admin,192.0.2.1,1,2,QUERY,,'select 1',0"),
    ],
    ['PostgreSQL', subscription('/aws/rds/instance/orders/postgresql', '2026-11-20 01:00:00 UTC::@:[1]:LOG:  ready')],
    [
      'WAF',
      subscription('aws-waf-logs-main', { timestamp: 1, webaclId: 'a', terminatingRuleId: 'b', httpRequest: {} }),
    ],
    [
      'CloudTrail',
      subscription('aws-trail', { eventVersion: '1.11', eventTime: 't', eventSource: 's', eventName: 'n' }),
    ],
    [
      'a CloudTrail record longer than the sample',
      subscription('aws-trail', {
        eventVersion: '1.11',
        eventSource: 's',
        eventName: 'n',
        requestParameters: 'x'.repeat(100_000),
      }),
    ],
    [
      'Resolver queries',
      subscription('dns', { version: '1.1', query_timestamp: 't', query_name: 'n.', query_class: 'IN' }),
    ],
    [
      'VPC flow logs',
      subscription('flows', '2 111122223333 eni-0abc 192.0.2.1 192.0.2.2 443 5000 6 1 40 1 2 ACCEPT OK'),
    ],
    ['Network Firewall', subscription('fw', { firewall_name: 'f', event_timestamp: '1', event: {} })],
    [
      'GuardDuty through EventBridge',
      subscription('/aws/events/findings', { 'detail-type': 'GuardDuty Finding', source: 'aws.guardduty', detail: {} }),
    ],
    [
      'events of Windows',
      subscription('windows', "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'></Event>"),
    ],
    ['no subscription', JSON.stringify({ logGroup: '/x', message: 'y' })],
    ['text', 'START RequestId: x "logEvents":[ "messageType":"DATA_MESSAGE"'],
  ])('leaves %s to others', (_name, text) => {
    expect(isRecognised(text)).toBe(false);
  });
});
