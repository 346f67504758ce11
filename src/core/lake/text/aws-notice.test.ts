import { describe, expect, it } from 'vitest';
import { isControlMessage, noticesIn } from './aws-notice.ts';

const finding = { Id: 'a', Title: 'b' };
const event = { 'detail-type': 'X', source: 'aws.x', detail: finding };
const eventAround = { event: { 'detail-type': 'X', source: 'aws.x' } };

describe('noticesIn', () => {
  it('takes a record without wrapping as its own document', () => {
    expect(noticesIn(finding)).toEqual([{ document: finding, around: {} }]);
  });

  it('opens an EventBridge event', () => {
    expect(noticesIn(event)).toEqual([{ document: finding, around: eventAround }]);
  });

  it('opens an event inside an SNS notification inside CloudWatch Logs, and keeps all that stood around', () => {
    const sns = { Type: 'Notification', TopicArn: 'arn:t', Message: JSON.stringify(event) };
    const logs = {
      messageType: 'DATA_MESSAGE',
      logGroup: 'g',
      logEvents: [{ id: '1', timestamp: 2, message: JSON.stringify(sns) }],
    };

    const notices = noticesIn(logs);

    expect(notices).toEqual([
      {
        document: finding,
        around: {
          ...eventAround,
          sns: { Type: 'Notification', TopicArn: 'arn:t' },
          logs: { messageType: 'DATA_MESSAGE', logGroup: 'g', id: '1', timestamp: 2 },
        },
      },
    ]);
  });

  it('gives the text of a log line that is no JSON object', () => {
    expect(noticesIn({ logEvents: [{ message: 'START' }, 7] })).toEqual([{ text: 'START' }, { text: '7' }]);
  });

  it('leaves a message whole that is nested deeper than any record may be', () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const record = { TopicArn: 'arn:t', Message: deep };
    expect(noticesIn(record)).toEqual([{ document: record, around: {} }]);
  });

  it('keeps numbers inside a message exactly', () => {
    const record = { TopicArn: 'arn:t', Message: '{"id":12345678901234567890,"big":1e400,"small":2}' };
    const [notice] = noticesIn(record);
    expect(JSON.stringify(notice)).toContain('{"id":12345678901234567890,"big":1e400,"small":2}');
  });
});

describe('isControlMessage', () => {
  it('tells the test message of CloudWatch Logs from data', () => {
    expect(isControlMessage({ messageType: 'CONTROL_MESSAGE', logEvents: [{ message: 'CWL CONTROL MESSAGE' }] })).toBe(
      true,
    );
    expect(isControlMessage({ messageType: 'DATA_MESSAGE', logEvents: [] })).toBe(false);
  });
});
