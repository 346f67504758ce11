import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { withCostTable } from './cost-table.ts';

const docs = resolve(import.meta.dirname, '../../../docs');

for (const language of ['en', 'ja'] as const) {
  const file = resolve(docs, language, 'deployment.md');
  writeFileSync(file, withCostTable(readFileSync(file, 'utf8'), language));
}
