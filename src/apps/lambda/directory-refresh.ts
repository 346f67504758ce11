import { createOrganizationsDirectory } from '#adapters/organizations/organizations-directory.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { makeHub } from '#apps/lambda/hub.ts';
import { managementAccess } from '#apps/lambda/management-access.ts';
import { closeOwnedAnnouncements } from '#engine/housekeeping.ts';

/** Hourly, and when an account appears or moves: reads AWS Organizations; the last good copy stays when AWS does not answer. */
export async function handler(): Promise<{ accounts: number; stale: boolean }> {
  const { env } = process;
  const hub = await makeHub(env, (config) =>
    config.organization.aws === undefined
      ? undefined
      : createOrganizationsDirectory({ clock: createSystemClock(), ...managementAccess(env, config.organization.aws) }),
  );
  const { directory, stale, error } = await hub.directory.refresh();
  if (error !== null) hub.log.error(`The directory could not be read; the last good copy is used: ${error}`);
  await closeOwnedAnnouncements(await hub.context(), hub.intake);
  return { accounts: directory.accounts.length, stale };
}
