import { describe, expect, it } from 'vitest';
import { sampleOf } from '#core/lake/source/recognise.ts';
import { auditRecords, isAuditLog } from './audit-records.ts';

const context = { key: 'a.gz', receivedAt: 0 };
const envelope = {
  messageType: 'DATA_MESSAGE',
  owner: '111122223333',
  logGroup: '/aws/eks/storefront/cluster',
  logStream: 'kube-apiserver-audit-0123456789abcdef',
};

function decode(message: string, around: object | undefined = envelope) {
  const event = { id: '1', timestamp: 1, message };
  return auditRecords({ record: event, text: JSON.stringify(event), envelope: around }, context);
}

describe('audit records', () => {
  it('are the messages of the audit stream', () => {
    const decoded = decode('{"auditID":"a"}');

    expect(decoded).toMatchObject([
      { kind: 'row', row: { auditID: 'a', cloudwatch: { owner: '111122223333', id: '1' } } },
    ]);
  });

  it('are found in a stream of another name too', () => {
    expect(decode('{"auditID":"a"}', { ...envelope, logStream: 'copied' })).toMatchObject([{ kind: 'row' }]);
  });

  it('are not the messages of other components', () => {
    const other = { ...envelope, logStream: 'kube-scheduler-0123456789abcdef' };

    expect(decode('I1124 01:02:03.000000 text', other)).toMatchObject([{ kind: 'excluded', rule: 'eks.not-audit' }]);
    expect(decode('{"level":"info"}', other)).toMatchObject([{ kind: 'excluded', rule: 'eks.not-audit' }]);
  });

  it('are trouble where a message of the audit stream is cut off, or no stream is known', () => {
    expect(decode('{"auditID":"a')).toMatchObject([{ kind: 'trouble', trouble: { reason: 'message.not-json' } }]);
    expect(decode('{"auditID":"a', undefined)).toMatchObject([{ kind: 'trouble' }]);
  });
});

describe('the content of audit logs', () => {
  const event =
    '{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","stage":"ResponseComplete","requestURI":"/"';
  const long = 'x'.repeat(70_000);

  it.each([
    ['audit events', `${event}}\n${event}}\n`],
    ['an audit event longer than a sample', `${event},"requestObject":"${long}"}`],
    ['a subscription', JSON.stringify({ ...envelope, logEvents: [{ id: '1', message: 'text' }] })],
    ['a long subscription', `{"logGroup":"/aws/eks/a/cluster","logEvents":[{"message":"${long}"}]}`],
    ['a group of another name', `{"logGroup":"all","logEvents":[{"message":${JSON.stringify(event)}}]}`],
    [
      'a control message in front',
      `{"messageType":"CONTROL_MESSAGE","logGroup":"","logEvents":[]}${JSON.stringify({ ...envelope, logEvents: [] })}`,
    ],
  ])('is recognised in %s', (_what, text) => {
    expect(isAuditLog(sampleOf('key', Buffer.from(text)))).toBe(true);
  });

  it.each([
    ['a subscription of another group', '{"logGroup":"/aws/lambda/a","logEvents":[{"message":"auditID"}]}'],
    ['other JSON', '{"eventVersion":"1.08","eventName":"ListClusters"}'],
    ['text', 'auditID audit.k8s.io'],
    ['nothing', ''],
  ])('is not recognised in %s', (_what, text) => {
    expect(isAuditLog(sampleOf('key', Buffer.from(text)))).toBe(false);
  });
});
