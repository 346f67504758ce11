import type { Config } from '#core/config/config-schema.ts';
import { messageOf } from '#core/errors/yagura-error.ts';
import { buildDirectory, type Directory } from '#core/organization/directory.ts';
import type { Clock } from '#ports/clock.ts';
import type { DirectorySource, OrganizationSnapshot } from '#ports/directory-source.ts';
import type { SettingStore } from '#ports/state-store.ts';

const SETTING = 'directory.snapshot';

export type DirectoryState = {
  readonly directory: Directory;
  readonly source: 'config' | 'organizations';
  readonly readAt: number | null;
  /** True while the last good copy is used because AWS did not answer. */
  readonly stale: boolean;
  readonly error: string | null;
};

/** Holds the directory: cached, refreshed, and the last good copy when AWS does not answer. */
export type DirectoryKeeper = {
  current(): DirectoryState;
  refresh(): Promise<DirectoryState>;
  replaceConfig(config: Config): void;
};

/** Starts from the last good copy in the store, if there is one. */
export async function keepDirectory(
  config: Config,
  source: DirectorySource | undefined,
  ports: { store: SettingStore; clock: Clock },
): Promise<DirectoryKeeper> {
  let settings = config;
  let snapshot = await lastGood(ports.store);
  let state = stateOf(settings, config.organization.aws === undefined ? undefined : snapshot, null);
  let running: Promise<DirectoryState> | undefined;
  let next: Promise<DirectoryState> | undefined;

  async function read(from: DirectorySource): Promise<DirectoryState> {
    try {
      const answer = await from.read();
      // Made before it replaces the last good copy: an answer that cannot be used is no answer.
      state = stateOf(settings, answer, null);
      snapshot = answer;
      await ports.store.putSetting(SETTING, JSON.stringify(snapshot));
    } catch (thrown) {
      state = stateOf(settings, snapshot, messageOf(thrown));
    }
    return state;
  }

  /** One at a time, so that an older answer never replaces a newer one. A reading under way may have begun before what the caller knows of. */
  function refresh(from: DirectorySource): Promise<DirectoryState> {
    if (running !== undefined) {
      next ??= running.then(() => {
        next = undefined;
        return refresh(from);
      });
      return next;
    }
    running = read(from).finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    current: () => state,
    replaceConfig: (next) => {
      settings = next;
      state = stateOf(settings, next.organization.aws === undefined ? undefined : snapshot, state.error);
    },
    refresh: async () => (source === undefined ? state : await refresh(source)),
  };
}

function stateOf(config: Config, snapshot: OrganizationSnapshot | undefined, error: string | null): DirectoryState {
  const directory = buildDirectory(config, snapshot?.accounts ?? [], snapshot?.readAt ?? null);
  const uses = config.organization.aws !== undefined;
  return {
    directory,
    source: uses ? 'organizations' : 'config',
    readAt: snapshot?.readAt ?? null,
    stale: error !== null,
    error,
  };
}

async function lastGood(store: SettingStore): Promise<OrganizationSnapshot | undefined> {
  const stored = await store.setting(SETTING);
  // Written by refresh() above, nowhere else.
  return stored === undefined ? undefined : (JSON.parse(stored) as OrganizationSnapshot);
}
