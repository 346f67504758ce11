import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import type { FindingPage } from '#ports/http-api.ts';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { COMPANY, folderPerTest, homePerTest } from '../../../test/stand-ins/yagura-home.ts';

const newFolder = folderPerTest();
const openHome = homePerTest();

function control(n: number): string {
  return JSON.stringify(awsEvent({ of: 'control', set: { 'finding.Resources.0.Id': `arn:aws:s3:::bucket-${n}` } }));
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

/** Writers that may pause write under another name and rename. */
function drop(inbox: string, name: string, content: string | Uint8Array): void {
  writeFileSync(join(inbox, `.${name}`), content);
  renameSync(join(inbox, `.${name}`), join(inbox, name));
}

it('takes files out of the folder of data, puts them into done, and broken ones into failed with the reason', async () => {
  const dataDir = newFolder();
  const inbox = join(dataDir, 'inbox');
  mkdirSync(inbox);
  drop(inbox, 'one.json', control(1));
  drop(inbox, 'lines.jsonl', `${control(2)}\n${control(3)}\n`);
  drop(inbox, 'array.json.gz', gzipSync(`[${control(4)},${control(5)}]`));
  drop(inbox, 'half.jsonl', `${control(6)}\n{"broken": \n`);
  drop(inbox, 'nothing.json', 'hello');
  writeFileSync(join(inbox, 'notes.txt'), 'not ours');

  const home = await openHome({ dataDir });
  await vi.waitFor(() => expect(filesBelow(inbox).length).toBeGreaterThan(6), { timeout: 15_000 });
  await vi.waitFor(() => expect(readdirSync(inbox).filter((name) => /json/.test(name))).toEqual([]), {
    timeout: 15_000,
  });

  expect((await home.get<FindingPage>('/api/findings')).total).toBe(6);
  expect(filesBelow(join(inbox, 'done'))).toEqual(['array.json.gz', 'lines.jsonl', 'one.json']);
  const failed = filesBelow(join(inbox, 'failed'));
  expect(failed.filter((name) => /^(half\.jsonl|nothing\.json)$/.test(name))).toEqual(['half.jsonl', 'nothing.json']);
  const reasons = failed.filter((name) => !/^(half\.jsonl|nothing\.json)$/.test(name));
  expect(reasons).toHaveLength(2);
  const half = reasons.find((name) => name.startsWith('half')) ?? '';
  expect(readFileSync(join(inbox, 'failed', half), 'utf8')).toContain('line 2');
  expect(existsSync(join(inbox, 'notes.txt'))).toBe(true);
});

it('watches the folder that yagura.yaml names', async () => {
  const inbox = newFolder();
  drop(inbox, 'one.json', control(1));

  const home = await openHome({ configText: `${COMPANY}\nintake: { inbox: ${JSON.stringify(inbox)} }\n` });
  await vi.waitFor(() => expect(filesBelow(join(inbox, 'done'))).toEqual(['one.json']), { timeout: 15_000 });

  expect((await home.get<FindingPage>('/api/findings')).total).toBe(1);
});
