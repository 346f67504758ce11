import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import type { AccountId } from '#core/organization/account.ts';
import { keepDirectory } from '#engine/keep-directory.ts';
import type { DirectorySource, OrganizationSnapshot } from '#ports/directory-source.ts';
import { createFakeClock, TEST_EPOCH } from '../../test/stand-ins/time.ts';

function configOf(yaml: string) {
  const { config } = parseConfig(yaml);
  if (config === undefined) throw new Error('not usable');
  return config;
}

const withAws = configOf('organization: { aws: {} }\nteams: { web: { name: Web } }\n');
const alone = configOf(
  'organization: { accounts: [{ id: "111122223333", name: written, team: web }] }\nteams: { web: { name: Web } }\n',
);

function snapshotOf(id: string, name: string): OrganizationSnapshot {
  const account = {
    id: id as AccountId,
    name,
    email: 'a@example.com',
    status: 'ACTIVE',
    ou: 'Workloads',
    tags: { team: 'web' },
  };
  return { managementAccount: '999900001111', accounts: [account], readAt: TEST_EPOCH };
}

/** Answers with each in turn; an Error is thrown. */
function sourceOf(...answers: readonly (OrganizationSnapshot | Error)[]): DirectorySource {
  const left = [...answers];
  return {
    read: async () => {
      const next = left.shift() ?? new Error('AWS Organizations does not answer');
      if (next instanceof Error) throw next;
      return next;
    },
  };
}

const ports = () => ({ store: createMemoryStore(), clock: createFakeClock() });

describe('the directory', () => {
  it('comes from yagura.yaml alone when nothing else is wanted', async () => {
    const keeper = await keepDirectory(alone, undefined, ports());

    const state = await keeper.refresh();

    expect(state).toMatchObject({ source: 'config', readAt: null, stale: false, error: null });
    expect(state.directory.find('111122223333')?.team).toBe('web');
  });

  it('is read, and refreshed', async () => {
    const keeper = await keepDirectory(
      withAws,
      sourceOf(snapshotOf('222233334444', 'a'), snapshotOf('222233334444', 'b')),
      ports(),
    );

    const states = [await keeper.refresh(), await keeper.refresh()];

    expect(states.map((state) => state.directory.find('222233334444')?.name)).toEqual(['a', 'b']);
    expect(keeper.current()).toMatchObject({ source: 'organizations', readAt: TEST_EPOCH, stale: false });
  });

  it('is the last good copy, and says so, while AWS does not answer', async () => {
    const keeper = await keepDirectory(
      withAws,
      sourceOf(snapshotOf('222233334444', 'a'), new Error('throttled'), snapshotOf('222233334444', 'b')),
      ports(),
    );
    await keeper.refresh();

    const during = await keeper.refresh();
    const after = await keeper.refresh();

    expect(during).toMatchObject({ stale: true, error: 'throttled', readAt: TEST_EPOCH });
    expect(during.directory.find('222233334444')?.team).toBe('web');
    expect(after).toMatchObject({ stale: false, error: null });
  });

  it('starts from the last good copy of the run before', async () => {
    const shared = ports();
    await (await keepDirectory(withAws, sourceOf(snapshotOf('222233334444', 'a')), shared)).refresh();

    const keeper = await keepDirectory(withAws, sourceOf(), shared);

    expect(keeper.current().directory.find('222233334444')?.name).toBe('a');
    expect(await keeper.refresh()).toMatchObject({ stale: true, error: 'AWS Organizations does not answer' });
    expect(keeper.current().directory.find('222233334444')?.name).toBe('a');
  });

  it('keeps the last good copy when an answer cannot be used', async () => {
    const keeper = await keepDirectory(
      withAws,
      sourceOf(snapshotOf('222233334444', 'a'), snapshotOf('not-an-account', 'b')),
      ports(),
    );
    await keeper.refresh();

    const state = await keeper.refresh();

    expect(state).toMatchObject({ stale: true, error: expect.stringContaining('not-an-account') });
    expect(state.directory.find('222233334444')?.name).toBe('a');
  });

  it('follows a changed yagura.yaml without asking AWS again', async () => {
    const keeper = await keepDirectory(withAws, sourceOf(snapshotOf('222233334444', 'a')), ports());
    await keeper.refresh();

    keeper.replaceConfig(
      configOf(
        'organization: { aws: {}, accounts: [{ id: "222233334444", name: renamed }] }\nteams: { web: { name: Web } }\n',
      ),
    );
    const renamed = keeper.current().directory.find('222233334444')?.name;
    keeper.replaceConfig(alone);

    expect(renamed).toBe('renamed');
    expect(keeper.current().directory.find('222233334444')).toBeUndefined();
  });

  it('is read by one at a time, and once more for all who asked meanwhile', async () => {
    const answers: ((snapshot: OrganizationSnapshot) => void)[] = [];
    const source = { read: () => new Promise<OrganizationSnapshot>((resolve) => answers.push(resolve)) };
    const keeper = await keepDirectory(withAws, source, ports());

    const first = keeper.refresh();
    const others = [keeper.refresh(), keeper.refresh()];
    const begun = answers.length;
    answers[0]?.(snapshotOf('222233334444', 'old'));
    await first;
    answers[1]?.(snapshotOf('222233334444', 'new'));
    const states = await Promise.all(others);

    expect([begun, answers.length]).toEqual([1, 2]);
    expect(states.map(({ directory }) => directory.find('222233334444')?.name)).toEqual(['new', 'new']);
  });
});
