import { beforeEach, describe, expect, it } from 'vitest';
import { createLiveUpdates, type LiveUpdates } from './live-updates.ts';

const nothing = { findings: 0, messages: 0, deliveries: 0, directory: false, at: 0 };

describe('live updates', () => {
  let live: LiveUpdates;
  let told: number;

  beforeEach(() => {
    live = createLiveUpdates();
    told = 0;
    live.onChange(['findings', 'directory'], () => {
      told += 1;
    });
    live.stream('open');
  });

  it('tells those who show what changed', () => {
    live.changed({ ...nothing, findings: 2 });
    live.changed({ ...nothing, directory: true });

    expect(told).toBe(2);
  });

  it('leaves those in peace who show something else', () => {
    live.changed({ ...nothing, messages: 5, deliveries: 5 });

    expect(told).toBe(0);
  });

  it('waits while somebody edits and then tells once', () => {
    const release = live.hold();
    live.changed({ ...nothing, findings: 1 });
    live.changed({ ...nothing, findings: 1 });
    expect(told).toBe(0);

    release();
    release();

    expect(told).toBe(1);
  });

  it('waits for the last of several editors', () => {
    const first = live.hold();
    const second = live.hold();
    live.changed({ ...nothing, findings: 1 });

    first();
    expect(told).toBe(0);
    second();

    expect(told).toBe(1);
  });

  it('keeps still while paused and catches up afterwards', () => {
    live.pause('paused');
    live.changed({ ...nothing, findings: 1 });
    expect([live.state(), told]).toEqual(['paused', 0]);

    live.pause('running');

    expect([live.state(), told]).toEqual(['live', 1]);
  });

  it('takes everything for old after the server was gone', () => {
    live.stream('ended');
    expect(live.state()).toBe('lost');

    live.stream('open');

    expect([live.state(), told]).toEqual(['live', 1]);
  });

  it('is not back while only requests are answered and the stream is closed', () => {
    live.stream('ended');

    live.request('answered');

    expect([live.state(), told]).toEqual(['lost', 0]);
  });

  it('notices a silent server before the stream does', () => {
    live.request('silent');
    expect(live.state()).toBe('lost');

    live.request('answered');

    expect([live.state(), told]).toEqual(['live', 1]);
  });

  it('tells nobody who stopped listening', () => {
    let other = 0;
    const stop = live.onChange(['findings'], () => {
      other += 1;
    });

    stop();
    live.changed({ ...nothing, findings: 1 });

    expect(other).toBe(0);
  });
});
