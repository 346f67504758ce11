import { createHealthSource } from '#adapters/health/health-source.ts';
import { createOrganizationsDirectory } from '#adapters/organizations/organizations-directory.ts';
import type { Config } from '#core/config/config-schema.ts';
import type { Clock } from '#ports/clock.ts';
import type { DirectorySource } from '#ports/directory-source.ts';
import type { HealthSource } from '#ports/health-source.ts';

/** AWS Organizations, where the configuration asks for it. */
export function directorySource(config: Config, clock: Clock): DirectorySource | undefined {
  const aws = config.organization.aws;
  if (aws === undefined) return undefined;
  return createOrganizationsDirectory({
    clock,
    ...(aws.roleArn === undefined ? {} : { roleArn: aws.roleArn }),
    ...(aws.externalId === undefined ? {} : { externalId: aws.externalId }),
  });
}

/** The Health API, where the configuration asks for it. */
export function healthSource(
  config: Config,
  clock: Clock,
  onProblem: (problem: string) => void,
): HealthSource | undefined {
  const { health } = config;
  if (!health.poll) return undefined;
  return createHealthSource({
    clock,
    onProblem,
    ...(health.roleArn === undefined ? {} : { roleArn: health.roleArn }),
    ...(health.externalId === undefined ? {} : { externalId: health.externalId }),
  });
}
