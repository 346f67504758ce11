import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { source } from './source.ts';

describeLogSource(source, { folder: import.meta.dirname, samples: ['windows-security/*.jsonl.gz'] });

it('maps as windows-security does, because a collector may put any channel into a file', () => {
  const own = readFileSync(join(import.meta.dirname, 'map.sql'), 'utf8');

  expect(own).toBe(readFileSync(join(import.meta.dirname, '../windows-security/map.sql'), 'utf8'));
});
