import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import { messageOf } from '../../../test/contract/state-store/fixtures.ts';
import { folderPerTest, homePerTest } from '../../../test/stand-ins/yagura-home.ts';

const newFolder = folderPerTest();
const openHome = homePerTest();

it('removes what was kept long enough, and says so', async () => {
  const dataDir = newFolder();
  const store = openSqliteStore({ path: join(dataDir, 'yagura.db') });
  await store.saveMessages([messageOf('old', { sentAt: Date.UTC(2020, 0, 1), problemKeys: [] })]);
  await store.close();

  const home = await openHome({ dataDir });

  await vi.waitFor(() => expect(home.log.join('')).toContain('removed what was kept long enough'), { timeout: 5_000 });
  expect(await home.get('/api/messages')).toMatchObject({ total: 0 });
});
