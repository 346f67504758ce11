import { createOrganizationsDirectory } from '#adapters/organizations/organizations-directory.ts';
import { createContainer } from '#apps/lambda/container.ts';
import { hubOf } from '#apps/lambda/hub.ts';
import { managementAccess } from '#apps/lambda/management-access.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';

const container = createContainer(process.env);
const { env, clock } = container;
const open = hubOf(container, (config) =>
  config.organization.aws === undefined
    ? undefined
    : createOrganizationsDirectory({ clock, ...managementAccess(env, config.organization.aws) }),
);

/**
 * Hourly, and when an account appears or moves: reads AWS Organizations. When AWS does not answer, the last good copy stays in use
 * and the run fails, so that somebody looks. What follows from new owners is the sweeper's.
 */
export async function handler(): Promise<{ accounts: number }> {
  const hub = await open();
  const { directory, error, readAt } = await hub.directory.refresh();
  if (error !== null) throw new YaguraError('directory.unavailable', `${error} ${inUse(readAt)}`);
  return { accounts: directory.accounts.length };
}

function inUse(readAt: number | null): string {
  return readAt === null
    ? 'No good copy is there yet: only the accounts in yagura.yaml are known.'
    : `The last good copy, of ${new Date(readAt).toISOString()}, is used.`;
}
