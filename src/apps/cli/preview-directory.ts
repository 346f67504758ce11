import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import { plain, type Terminal } from '#apps/cli/output.ts';
import type { Config } from '#core/config/config-schema.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import { buildDirectory, type Directory } from '#core/organization/directory.ts';
import type { Sleeper } from '#ports/clock.ts';
import type { DirectorySource, OrganizationSnapshot } from '#ports/directory-source.ts';

/** Reading a large organization takes seconds; what takes longer does not answer. */
const PATIENCE_MS = 60_000;

/**
 * The accounts as the running system knows them: those of AWS Organizations too, where the configuration asks for them. When AWS does
 * not answer, that is said and the accounts of the file are used.
 */
export async function previewDirectory(
  config: Config,
  source: DirectorySource | undefined,
  terminal: Pick<Terminal, 'err'>,
  sleeper: Sleeper = createSystemSleeper(),
): Promise<Directory> {
  if (source === undefined) return buildDirectory(config);
  try {
    const { accounts, readAt } = await inTime(source.read(), sleeper);
    return buildDirectory(config, accounts, readAt);
  } catch (thrown) {
    const known = config.organization.accounts.length;
    const left = `Only the ${known} ${known === 1 ? 'account' : 'accounts'} of the file ${known === 1 ? 'is' : 'are'} known here.`;
    terminal.err(`yagura: ${plain(`AWS Organizations could not be read: ${messageOf(thrown)} ${left}`)}\n`);
    return buildDirectory(config);
  }
}

async function inTime(reading: Promise<OrganizationSnapshot>, sleeper: Sleeper): Promise<OrganizationSnapshot> {
  const patience = new AbortController();
  const late = sleeper.sleep(PATIENCE_MS, patience.signal).then(() => {
    throw new YaguraError('directory.unavailable', `There was no answer within ${PATIENCE_MS / 1_000} seconds.`);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    // It loses the race from here on, and nobody waits for it.
    late.catch(() => undefined);
    patience.abort();
  }
}
