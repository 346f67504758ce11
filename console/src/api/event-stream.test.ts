import { describe, expect, it } from 'vitest';
import { retryDelayMs, streamChange } from './event-stream.ts';

describe('streamChange', () => {
  it('reads a change', () => {
    expect(streamChange('{"findings":2,"messages":1,"deliveries":0,"directory":true,"at":5}')).toEqual({
      findings: 2,
      messages: 1,
      deliveries: 0,
      directory: true,
      at: 5,
    });
  });

  it('takes what is missing or of another type as no change', () => {
    expect(streamChange('{"findings":"many"}')).toEqual({
      findings: 0,
      messages: 0,
      deliveries: 0,
      directory: false,
      at: 0,
    });
  });

  it.each(['', '{"findings":', 'null', '3'])('ignores %j', (data) => {
    expect(streamChange(data)).toBeUndefined();
  });
});

describe('retryDelayMs', () => {
  it('doubles up to a quarter of a minute', () => {
    expect([0, 1, 2, 3, 4, 100].map(retryDelayMs)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });
});
