import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoded } from '#core/lake/source/log-source.ts';
import { joinRecords } from './join-records.ts';

const context = { key: 'audit.log', receivedAt: Date.UTC(2026, 10, 24) };

function joined(lines: readonly string[]): readonly Decoded[] {
  const reader = joinRecords(context);
  return [...lines.flatMap((line) => [...reader.line(line)]), ...reader.end()];
}

function uids(decoded: readonly Decoded[]): readonly unknown[] {
  return decoded.map((one) => (one.kind === 'row' ? one.row['event_uid'] : one.kind));
}

const call = (serial: number): string =>
  `type=SYSCALL msg=audit(1795316650.123:${serial}): arch=c000003e syscall=59 success=yes pid=${serial} comm="x" exe="/bin/x"`;
const args = (serial: number): string => `type=EXECVE msg=audit(1795316650.123:${serial}): argc=1 a0="x${serial}"`;
const end = (serial: number): string => `type=EOE msg=audit(1795316650.123:${serial}): `;
const login = (serial: number): string =>
  `type=USER_LOGIN msg=audit(1795316650.123:${serial}): pid=1 uid=0 auid=1 ses=1 msg='op=login id=1 exe="/usr/sbin/sshd" res=success'`;

describe('joinRecords', () => {
  it('gives one event a serial number, in the order of their first records, however they alternate', () => {
    const lines = [call(2), call(1), login(3), args(1), args(2), end(1), end(2), login(4)];

    const decoded = joined(lines);

    expect(uids(decoded)).toEqual(['2', '1', '3', '4'].map((serial) => `1795316650.123:${serial}`));
    expect(decoded[0]).toMatchObject({ row: { cmd_line: 'x2' }, raw: [call(2), args(2), end(2)].join('\n') });
  });

  it('keeps the number of events wherever the input ends', () => {
    const records = [1, 2, 3, 4, 5].flatMap((serial) => [call(serial), args(serial), end(serial), login(serial + 10)]);
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: 1 }), (lines) => {
        const serials = new Set(lines.map((line) => /:(\d+)\)/.exec(line)?.[1]));
        const found = uids(joined(lines));
        expect(new Set(found).size).toBe(found.length);
        expect(found).toEqual([...serials].map((serial) => `1795316650.123:${serial}`));
      }),
      { seed: 20261124, numRuns: 200 },
    );
  });

  it('holds the records of an event until a thousand newer ones have begun', () => {
    const reader = joinRecords(context);

    const early = [call(1), ...Array.from({ length: 1000 }, (_, index) => login(index + 2))].map(reader.line);
    const late = [args(1), ...Array.from({ length: 200 }, (_, index) => login(index + 2000))].map(reader.line);

    expect(uids(early.flat())).toEqual(['1795316650.123:1']);
    expect(uids([...late.flat(), ...reader.end()]).filter((uid) => uid === '1795316650.123:1')).toHaveLength(1);
  });

  it('lets go of an event that a hostile file never ends', () => {
    const reader = joinRecords(context);
    const line = `type=PATH msg=audit(1795316650.123:1): item=0 name="${'x'.repeat(900_000)}"`;

    const found = Array.from({ length: 40 }, () => reader.line(line)).flat();

    expect(found.length).toBe(2);
    expect(reader.end().length).toBe(1);
  });

  it('keeps hosts apart that have the same serial number', () => {
    const lines = ['a', 'b'].flatMap((node) => [`node=${node} ${call(1)}`]);

    const decoded = joined([...lines, `node=a ${args(1)}`, 'node=b type=EOE msg=audit(1795316650.123:1): ']);

    expect(decoded.map((one) => one.kind === 'row' && one.row['hostname'])).toEqual(['a', 'b']);
  });

  it('puts a line that is no record in its place between events', () => {
    const decoded = joined([call(1), 'rubbish', login(2), '', '----', args(1)]);

    expect(uids(decoded)).toEqual(['1795316650.123:1', 'trouble', '1795316650.123:2']);
  });

  it('refuses a line that no audit system writes', () => {
    expect(joined([`${call(1)} key="${'x'.repeat(1_100_000)}"`])).toMatchObject([
      { kind: 'trouble', trouble: { reason: 'audit.too-long' } },
    ]);
  });

  it('gives every row the same columns, whatever the event is', () => {
    const lines = [call(1), login(2), 'type=FOO msg=audit(1795316650.123:3): x', '<13>Nov 22 03:04:10 web1 cron: x'];

    const columns = joined(lines).map((one) => (one.kind === 'row' ? Object.keys(one.row).toSorted().join() : ''));

    expect(new Set(columns).size).toBe(1);
    expect(columns[0]).toContain('cmd_line');
  });
});
