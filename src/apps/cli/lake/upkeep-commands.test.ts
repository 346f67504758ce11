import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstDay, flowLine, type SmallLake, smallLake } from '../../../../test/stand-ins/lake/small-lake.ts';
import { runYagura } from '../../../../test/stand-ins/terminal.ts';

let lake: SmallLake;

beforeEach(async () => {
  lake = await smallLake();
  await lake.ingest('a.log', `${flowLine(firstDay, 1)}\nbroken \u001b[31m\n`);
  await lake.ingest('b.log', `${flowLine(firstDay, 2)}\n`);
});
afterEach(() => lake.close());

const run = (...args: readonly string[]) =>
  runYagura(['lake', ...args, '--data', join(lake.folder, 'data')], lake.folder);

test('stats prints what each source has', async () => {
  const { code, out } = await run('stats', '--format', 'json');

  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    sources: [{ source: 'aws.vpc-flow', objects: 2, written: 2, quarantined: 1 }],
    total: { objects: 2, records: 3 },
  });
});

test('compact prints its summary, and verify then finds all as it should be', async () => {
  const compacted = await run('compact', '--all', '--format', 'json');
  const verified = await run('verify', '--deep', '--format', 'json');

  expect(JSON.parse(compacted.out)).toMatchObject({ merged: 2, into: 1, rows: 2, failed: 0 });
  expect([compacted.code, verified.code]).toEqual([0, 0]);
  expect(JSON.parse(verified.out)).toEqual([]);
});

test('verify lists what is wrong and ends with 1', async () => {
  rmSync(join(lake.root, lake.manifest.files()[0]?.path ?? ''));

  const { code, out } = await run('verify', '--format', 'json');

  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject([{ kind: 'file-missing' }]);
});

test('retention wants a rule, and a source that is known', async () => {
  const without = await run('retention');
  const unknown = await run('retention', '--source', 'aws.vcp-flow=30');
  const malformed = await run('retention', '--source', 'aws.vpc-flow');

  expect([without.code, unknown.code, malformed.code]).toEqual([1, 1, 2]);
  expect(without.err).toContain('--source ID=DAYS');
  expect(unknown.err).toContain('aws.vcp-flow');
});

test('retention takes several sources and keeps what is young', async () => {
  const { code, out } = await run(
    'retention',
    '--source',
    'aws.vpc-flow=36500',
    'aws.waf=1',
    '--default',
    '1',
    '--dry-run',
    '--format',
    'json',
  );

  expect([code, JSON.parse(out)]).toEqual([0, []]);
});

test('the quarantine is listed, shown with its bytes escaped, and retried', async () => {
  const listed = await run('quarantine', 'list', '--format', 'json');
  const [entry] = JSON.parse(listed.out) as { id: number }[];
  const shown = await run('quarantine', 'show', String(entry?.id));
  const missing = await run('quarantine', 'show', '999');
  const still = await run('quarantine', 'retry');
  writeFileSync(join(lake.folder, 'logs', 'a.log'), `${flowLine(firstDay, 1)}\n`);
  const retried = await run('quarantine', 'retry', '--source', 'aws.vpc-flow', '--format', 'json');

  expect(JSON.parse(listed.out)).toMatchObject([{ source: 'aws.vpc-flow', record: 1, count: 1 }]);
  expect(shown.out).toContain('broken \\x1b[31m');
  expect(shown.out).not.toContain('\u001b');
  expect([missing.code, still.code, retried.code]).toEqual([1, 3, 0]);
  expect(JSON.parse(retried.out)).toMatchObject([{ before: 1, after: 0 }]);
});
