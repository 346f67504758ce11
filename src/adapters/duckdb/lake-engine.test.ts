import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLakeEngine } from '../../../test/contract/lake-engine.contract.ts';
import { openDuckDbEngine } from './lake-engine.ts';

const limits = { seconds: 60, memoryMiB: 256, threads: 1, rows: 1000 };

describe('DuckDB as an engine of the lake', () => {
  let root: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'yagura-engine-'));
  });

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  describeLakeEngine({ open: () => openDuckDbEngine(root, [], limits), canAbort: true });

  it('stops a statement that runs when it is told to', async () => {
    const engine = await openDuckDbEngine(root, [], limits);
    const stop = new AbortController();

    const asked = engine.ask('SELECT count(*) FROM range(1000000000) a, range(1000000000) b', [], {
      signal: stop.signal,
    });
    setImmediate(() => stop.abort(new Error('stopped by a person')));

    await expect(asked).rejects.toThrow('stopped by a person');
    engine.close();
  });

  it('writes nothing, whatever a value holds', async () => {
    const engine = await openDuckDbEngine(root, [], limits);

    const answer = await engine.ask('SELECT ? AS t', ["'; DROP VIEW events; --"]);

    expect(answer.rows).toEqual([["'; DROP VIEW events; --"]]);
    engine.close();
  });
});
