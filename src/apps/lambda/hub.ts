import { createConfigSource } from '#adapters/config-source/config-source.ts';
import { type Container, createContainer, needed } from '#apps/lambda/container.ts';
import { keepFresh } from '#apps/lambda/keep-fresh.ts';
import type { Config } from '#core/config/config-schema.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { DecisionContext } from '#core/notification/decide.ts';
import { type RoutingPolicy, routingPolicy } from '#core/notification/policy.ts';
import type { IntakePorts } from '#engine/accept-events.ts';
import { type DirectoryKeeper, keepDirectory } from '#engine/keep-directory.ts';
import type { DirectorySource } from '#ports/directory-source.ts';

/** A container with the configuration and the directory as they were a moment ago. */
export type Hub = Container & {
  readonly config: Config;
  readonly policy: RoutingPolicy;
  readonly directory: DirectoryKeeper;
  readonly intake: IntakePorts;
  context(): Promise<DecisionContext>;
};

/** New accounts and owners are known after this. */
const FRESH_MS = 60_000;

/**
 * Gives the hub of this container: opened at the first call, then read again once a minute. While that fails (AWS does not answer,
 * a configuration that cannot be used was deployed) the one before serves on.
 * @example const open = hubOf(); export const handler = async (batch) => takeBatch(batch, await open());
 */
export function hubOf(
  container: Container = createContainer(process.env),
  source?: (config: Config) => DirectorySource | undefined,
): () => Promise<Hub> {
  const { clock, log } = container;
  const onFailure = (thrown: unknown) =>
    log.error(
      { err: thrown },
      `configuration and accounts could not be read again; those read before are used: ${messageOf(thrown)}`,
    );
  return keepFresh(() => makeHub(container, source), { clock, freshMs: FRESH_MS, onFailure });
}

async function makeHub(
  container: Container,
  source: ((config: Config) => DirectorySource | undefined) | undefined,
): Promise<Hub> {
  const { env, store, clock, random } = container;
  const config = await readConfig(needed(env, 'YAGURA_CONFIG'));
  const policy = routingPolicy(config);
  const directory = await keepDirectory(config, source?.(config), { store, clock });
  const directoryNow = () => directory.current().directory;
  return {
    ...container,
    ...{ config, policy, directory },
    intake: { store, clock, random, directory: directoryNow, policy: () => policy },
    context: async () => ({
      directory: directoryNow(),
      policy,
      exceptions: await store.exceptions(),
      now: clock.now(),
    }),
  };
}

async function readConfig(location: string): Promise<Config> {
  const { config, problems } = parseConfig(await createConfigSource(location).read());
  if (config !== undefined) return config;
  const first = problems.find((problem) => problem.severity === 'error') ?? problems[0];
  throw new YaguraError(
    'config.invalid',
    `${location} cannot be used: line ${first?.line ?? 1}: ${first?.message ?? 'unknown'}. Check it with: yagura config check`,
  );
}
