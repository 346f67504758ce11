import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPeerWanted } from './selected-tests.ts';

describe('a peer', () => {
  let root: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'yagura-selected-'));
    mkdirSync(join(root, 'test/peers/lake'), { recursive: true });
    writeFileSync(join(root, 'test/peers/lake/query.peer.test.ts'), "import { trinoUrl } from '../trino-client.ts';");
    writeFileSync(join(root, 'test/peers/aws-sqs.peer.test.ts'), "import { motoUrl } from '../stand-ins/moto.ts';");
  });

  afterAll(() => rmSync(root, { recursive: true }));

  it.each([
    { args: [], wanted: true, because: 'every test is selected' },
    { args: ['lake/query'], wanted: true, because: 'a selected test needs it' },
    { args: ['./test/peers/lake/query.peer.test.ts'], wanted: true, because: 'its file is given by path' },
    { args: ['aws-sqs', 'query'], wanted: true, because: 'one of the selected tests needs it' },
    { args: ['-t', 'aws-sqs'], wanted: true, because: 'the value of an option selects no file' },
    { args: ['--reporter=default', 'nothing-like-it'], wanted: true, because: 'the word selects no file' },
    { args: ['--reporter=default'], wanted: true, because: 'options select no file' },
    { args: ['aws-sqs'], wanted: false, because: 'the selected test does not need it' },
  ])('is wanted ($wanted) with $args, because $because', ({ args, wanted }) => {
    expect(isPeerWanted('Trino', args, root)).toBe(wanted);
  });

  it('that no test speaks of is not wanted', () => {
    expect(isPeerWanted('OpenSearch', [], root)).toBe(false);
  });
});
