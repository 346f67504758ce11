import { describe, expect, it } from 'vitest';
import { factsOf } from './parse-message.ts';

const request = '8f5e2c1a-6d1b-4c3e-9a52-0f6b7d8e9a10';

describe('factsOf', () => {
  it('reads what Lambda reports of an invocation', () => {
    const text = `REPORT RequestId: ${request}\tDuration: 3.12 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tStatus: error\tError Type: Runtime.ExitError\n`;

    const found = factsOf(text);

    expect(found).toEqual({
      kind: 'REPORT',
      request_id: request,
      duration_ms: '3.12',
      status: 'error',
      error_type: 'Runtime.ExitError',
    });
  });

  it.each([
    [
      `2026-11-20T01:02:03.456Z\t${request}\tWARN\tslow`,
      { time: '2026-11-20T01:02:03.456Z', request_id: request, level: 'WARN' },
    ],
    ['2026-11-20T01:02:03.456Z\tundefined\tINFO\tcold', { time: '2026-11-20T01:02:03.456Z', level: 'INFO' }],
    ['2026-11-20 01:02:03,456 ERROR [main] broken', { time: '2026-11-20 01:02:03,456', level: 'ERROR' }],
    ['[CRITICAL] broken', { level: 'CRITICAL' }],
    ['nothing is in here but INFORMATION', {}],
    ['', {}],
  ])('reads %s', (text, facts) => {
    expect(factsOf(text)).toEqual(facts);
  });

  it('reads no further than the head of a hostile line', () => {
    const text = `2026-11-20T01:02:03.${'9'.repeat(500_000)} ${'[INF'.repeat(200_000)} ERROR `;

    const found = factsOf(text);

    expect(found).toEqual({ time: '2026-11-20T01:02:03.999999999' });
  });
});
