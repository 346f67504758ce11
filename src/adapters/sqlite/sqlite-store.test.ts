import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeStateStore } from '../../../test/contract/state-store.contract.ts';
import { openSqliteStore } from './sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'yagura-sqlite-'));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true }));

describeStateStore('sqlite in memory', async () => openSqliteStore({ path: ':memory:' }), { propertyRuns: 200 });

describeStateStore(
  'sqlite in a file',
  async () => {
    files += 1;
    return openSqliteStore({ path: join(folder, `store-${files}.db`) });
  },
  { propertyRuns: 20 },
);
