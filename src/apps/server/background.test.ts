import { expect, it, vi } from 'vitest';
import { messageOf } from '../../../test/contract/state-store/fixtures.ts';
import { folderPerTest, homePerTest } from '../../../test/stand-ins/yagura-home.ts';

const newFolder = folderPerTest();
const openHome = homePerTest();

it('removes what was kept long enough, and says so', async () => {
  const dataDir = newFolder();
  const first = await openHome({ dataDir });
  const longAgo = Date.UTC(2020, 0, 1);
  await first.running.yagura.store.saveMessages([messageOf('old', { sentAt: longAgo, problemKeys: [] })]);
  await first.running.stop();

  const second = await openHome({ dataDir });

  await vi.waitFor(() => expect(second.log.join('')).toContain('removed what was kept long enough'), {
    timeout: 5_000,
  });
  expect(await second.get('/api/messages')).toMatchObject({ total: 0 });
});
