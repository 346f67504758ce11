import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleOf } from '#core/lake/source/recognise.ts';
import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { source } from './source.ts';

describeLogSource(source, { folder: import.meta.dirname });

it('recognises an array that is longer than a sample', () => {
  const text = readFileSync(join(import.meta.dirname, 'fixtures/graph-sign-ins.input.json'), 'utf8');
  const records = (JSON.parse(text) as { value: unknown[] }).value;
  const long = JSON.stringify(Array.from({ length: 100 }, () => records).flat());

  const isRecognised = source.recognise.content(sampleOf('export.json', Buffer.from(long)));

  expect(isRecognised).toBe(true);
});
