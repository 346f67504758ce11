import { describe, expect, it } from 'vitest';
import { openDelivered } from './delivered-record.ts';

const context = { key: 'AWSLogs/111122223333/x/ap-northeast-1/a.gz', receivedAt: 0 };
const nowhere = { key: 'a.gz', receivedAt: 0 };
const envelope = { messageType: 'DATA_MESSAGE', owner: '444455556666', logGroup: '/g', logStream: 's' };

function bare(text: string): { readonly record: unknown; readonly text: string } {
  return { record: JSON.parse(text), text };
}

describe('a delivered record', () => {
  it('stands alone, with the place that its key tells', () => {
    expect(openDelivered(bare('{"a":1}'), context)).toEqual({
      kind: 'record',
      row: { a: 1, key_place: { account: '111122223333', region: 'ap-northeast-1' } },
    });
    expect(openDelivered(bare('{"a":1}'), nowhere)).toEqual({ kind: 'record', row: { a: 1 } });
  });

  it('keeps numbers that no double holds', () => {
    const delivered = openDelivered(bare('{"flow":9223372036854775807}'), nowhere);

    expect(JSON.stringify(delivered)).toBe('{"kind":"record","row":{"flow":9223372036854775807}}');
  });

  it('is the message of a log event, with what the subscription says', () => {
    const event = { id: '1', timestamp: 5, message: '{"a":1,"cloudwatch":"mine"}' };

    const delivered = openDelivered({ ...bare(JSON.stringify(event)), envelope }, nowhere);

    const logs = { ...envelope, id: '1', timestamp: 5 };
    expect(delivered).toEqual({ kind: 'record', row: { cloudwatch: logs, a: 1, cloudwatch_: 'mine' }, logs });
  });

  it.each([
    ['I1124 01:02:03.000000 1 server.go:1] text', 'I1124 01:02:03.000000 1 server.go:1] text'],
    ['{"a":', '{"a":'],
    [7, '7'],
    [undefined, 'null'],
  ])('is text where the message is %s', (message, text) => {
    const event = { id: '1', message };

    expect(openDelivered({ record: event, text: JSON.stringify(event), envelope }, nowhere)).toEqual({
      kind: 'text',
      text,
      logs: { ...envelope, id: '1' },
    });
  });

  it('is the message of a log event whose envelope was torn', () => {
    const event = { id: '1', timestamp: 5, message: '{"a":1}' };

    const delivered = openDelivered(bare(JSON.stringify(event)), nowhere);

    const logs = { id: '1', timestamp: 5 };
    expect(delivered).toEqual({ kind: 'record', row: { cloudwatch: logs, a: 1 }, logs });
    expect(openDelivered(bare('{"message":"a","id":1,"verb":"get"}'), nowhere).kind).toBe('record');
  });

  it('is nothing where CloudWatch Logs only asks for an answer', () => {
    const event = { id: '', timestamp: 1, message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.' };
    const control = { ...envelope, messageType: 'CONTROL_MESSAGE' };

    expect(openDelivered({ record: event, text: JSON.stringify(event), envelope: control }, nowhere)).toEqual({
      kind: 'control',
    });
  });
});
