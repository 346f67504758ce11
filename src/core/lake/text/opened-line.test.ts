import { describe, expect, it } from 'vitest';
import { openedLine } from './opened-line.ts';

describe('openedLine', () => {
  it('takes a message out of what the listener wrote, and keeps what it says besides', () => {
    const line =
      '{"received":1795316650123,"from":"192.0.2.7:514","transport":"udp","message":"<38>x\\n","cutBytes":7,"later":["a"]}';

    expect(openedLine(line)).toEqual({
      text: '<38>x\n',
      received: 1_795_316_650_123,
      from: '192.0.2.7:514',
      notes: {
        'syslog.from': '192.0.2.7:514',
        'syslog.transport': 'udp',
        'syslog.cutBytes': '7',
        'syslog.later': '["a"]',
      },
    });
  });

  it.each([
    ['a line of a file', 'Nov 22 03:04:10 web1 sshd[1]: x'],
    ['a line that only begins like a spooled one', '{"received":1795316650123,'],
    ['a spooled line without a message', '{"received":1795316650123,"from":"192.0.2.7:514"}'],
    ['a spooled line whose time is no number', '{"received":"now","message":"x"}'],
  ])('leaves %s as it is', (_name, line) => {
    expect(openedLine(line)).toEqual({ text: line, notes: {} });
  });

  it('says where bytes of a line could not be read', () => {
    expect(openedLine('caf\uFFFD').notes).toEqual({ 'line.encoding': 'not UTF-8, unreadable bytes were replaced' });
  });
});
