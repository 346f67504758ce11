import { describe, expect, it } from 'vitest';
import { deviceLine, headTime, offsetMinutes, placedTime, timeColumns } from './device-line.ts';

const context = { key: 'fw.log', receivedAt: Date.UTC(2026, 10, 24) };

function spooled(message: string, received: string): string {
  return JSON.stringify({ received: Date.parse(received), from: '192.0.2.1:514', transport: 'udp', message });
}

describe('a line that an appliance sent', () => {
  it('is its message, with what the head says beside it', () => {
    const line = deviceLine('<189>Nov 23 10:00:00 fw1 date=2026-11-23 time=10:00:00', context);

    expect(line.message).toBe('date=2026-11-23 time=10:00:00');
    expect(line.notes).toEqual({ facility: 23, severity: 5, time: 'Nov 23 10:00:00', hostname: 'fw1' });
  });

  it('tells who sent it and when, where the listener spooled it', () => {
    const line = deviceLine(spooled('<13>Nov 23 10:00:00 fw1 x', '2026-11-23T10:00:01Z'), context);

    expect(line.received).toBe(Date.parse('2026-11-23T10:00:01Z'));
    expect(line.notes).toMatchObject({ hostname: 'fw1', from: '192.0.2.1:514', transport: 'udp' });
  });
});

describe('a time without a zone', () => {
  const local = Date.parse('2026-11-23T19:00:00Z');

  it('is placed by the listener that received it within two minutes', () => {
    const tokyo = deviceLine(spooled('<13>x', '2026-11-23T10:01:30Z'), context);
    const kathmandu = deviceLine(spooled('<13>x', '2026-11-23T13:15:00Z'), context);

    expect(placedTime(local, tokyo)).toEqual({ at: Date.parse('2026-11-23T10:00:00Z'), offset: 540 });
    expect(placedTime(local, kathmandu)).toEqual({ at: Date.parse('2026-11-23T13:15:00Z'), offset: 345 });
  });

  it('is UTC where it was received at another time', () => {
    expect(placedTime(local, deviceLine(spooled('<13>x', '2026-11-23T10:05:00Z'), context))).toEqual({ at: local });
    expect(placedTime(local, deviceLine(spooled('<13>x', '2026-11-25T10:00:00Z'), context))).toEqual({ at: local });
    expect(placedTime(local, deviceLine('x', context))).toEqual({ at: local });
  });

  it('takes the zone of the head', () => {
    const same = deviceLine('<13>1 2026-11-23T19:00:01+09:00 fw1 - - - - x', context);
    const later = deviceLine('<13>1 2026-11-23T19:40:00+09:00 fw1 - - - - x', context);
    const relayed = deviceLine('<13>1 2026-11-23T10:00:01Z fw1 - - - - x', context);

    for (const line of [same, later, relayed])
      expect(placedTime(local, line)).toEqual({ at: Date.parse('2026-11-23T10:00:00Z'), offset: 540 });
  });
});

describe('the time of a head', () => {
  it('is the instant it names', () => {
    const line = deviceLine('<13>1 2026-11-23T19:00:01+09:00 fw1 - - - - x', context);

    expect(headTime(line)).toEqual({ at: Date.parse('2026-11-23T10:00:01Z'), offset: 540 });
  });

  it('is placed as any time without a zone', () => {
    expect(headTime(deviceLine(spooled('<13>Nov 23 19:00:00 fw1 x', '2026-11-23T10:00:01Z'), context))).toEqual({
      at: Date.parse('2026-11-23T10:00:00Z'),
      offset: 540,
    });
    expect(headTime(deviceLine('<13>Nov 23 19:00:00 fw1 x', context))).toEqual({
      at: Date.parse('2026-11-23T19:00:00Z'),
    });
  });

  it('is that of the listener where there is none', () => {
    expect(headTime(deviceLine(spooled('<13>x', '2026-11-23T10:00:01Z'), context))?.at).toBe(
      Date.parse('2026-11-23T10:00:01Z'),
    );
    expect(headTime(deviceLine('<13>x', context))).toBeUndefined();
  });
});

describe('an offset', () => {
  it.each([
    ['+0900', 540],
    ['-05:30', -330],
    ['Z', 0],
    ['UTC+9:00', 540],
    ['+9', undefined],
    ['+9900', undefined],
    [undefined, undefined],
  ])('%s is %s minutes', (zone, minutes) => {
    expect(offsetMinutes(zone)).toBe(minutes);
  });

  it('stands beside its instant in a row', () => {
    expect(timeColumns({ at: 0, offset: 60 })).toEqual({ at: '1970-01-01T00:00:00.000Z', offset: 60 });
    expect(timeColumns({ at: Number.NaN })).toEqual({});
  });
});
