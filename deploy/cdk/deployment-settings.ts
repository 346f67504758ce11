import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, configSchema, type DestinationConfig } from '../../src/core/config/config-schema.ts';
import { type ConfigProblem, parseConfig } from '../../src/core/config/parse-config.ts';
import { messageOf, YaguraError } from '../../src/core/errors/yagura-error.ts';

/** Everything the stacks need to know; from `deployment` in yagura.yaml, overridden by CDK context. */
export type DeploymentSettings = {
  readonly homeRegion: string;
  /** Sorted; always with us-east-1, us-west-2 and the home Region. */
  readonly governedRegions: readonly string[];
  readonly hubAccount: string;
  readonly managementAccount: string;
  readonly organizationId: string;
  readonly externalId: string;
  readonly alarmEmail: string | undefined;
  readonly healthPolling: boolean;
  readonly logRetentionDays: number;
  readonly logLevel: string;
  /** Buttons need a public address; without a Slack channel among the destinations there is nobody to press them. */
  readonly slackApp: boolean;
  /** Off for accounts whose Lambda concurrency limit is too small to reserve anything. */
  readonly reservedConcurrency: boolean;
  readonly amazonQTopics: readonly string[];
  /** OUs whose accounts get the optional read role; none by default. */
  readonly memberReadOus: readonly string[];
  readonly configFile: string;
};

/** Global services and AWS Organizations report to us-east-1; us-west-2 gets a copy of every Health event, and us-east-1 the copies of us-west-2. */
export const alwaysGoverned = ['us-east-1', 'us-west-2'] as const;

/** The days CloudWatch Logs accepts. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

// The levels that the functions' logger knows.
const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** Context values as `cdk -c key=value` gives them, all text. */
export type ContextReader = (key: string) => unknown;

const deploymentSchema = configSchema.shape.deployment.unwrap();

/** Reads yagura.yaml and the context; every problem is said with its place and what to write. */
export function readSettings(configFile: string, context: ContextReader): DeploymentSettings {
  const path = resolve(configFile);
  const { config, problems } = parseConfig(readConfigFile(path));
  if (config === undefined)
    throw invalid(path, problems.filter((problem) => problem.severity === 'error').map(problemLine));
  const deployment = deploymentOf(config, context, path);
  const required = { ...deployment, ...requiredOf(deployment, path) };
  const destinations = destinationsOf(config);
  return {
    homeRegion: required.homeRegion,
    governedRegions: [...new Set([...required.regions, ...alwaysGoverned, required.homeRegion])].sort(),
    hubAccount: required.hubAccount,
    managementAccount: required.managementAccount,
    organizationId: required.organizationId,
    externalId: required.externalId ?? `yagura-${required.organizationId}`,
    alarmEmail: required.alarmEmail,
    healthPolling: required.healthPolling,
    logRetentionDays: oneOf(required.logRetentionDays, retentionDays, 'logRetentionDays', path),
    logLevel: oneOf(text(context('logLevel')) ?? 'info', logLevels, 'logLevel', path),
    slackApp: flag(context('slackApp'), 'slackApp', path) ?? destinations.some((to) => typeof to === 'string'),
    reservedConcurrency: flag(context('reservedConcurrency'), 'reservedConcurrency', path) ?? true,
    amazonQTopics: [...new Set(destinations.flatMap(amazonQTopic))].sort(),
    memberReadOus: list(context('memberReadOus')) ?? [],
    configFile: path,
  };
}

function readConfigFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new YaguraError(
      'config.unreadable',
      `Cannot read ${path}: ${messageOf(error)}. Name the file with --config FILE (or -c config=FILE).`,
      { cause: error },
    );
  }
}

type Deployment = NonNullable<Config['deployment']>;

function deploymentOf(config: Config, context: ContextReader, path: string): Deployment {
  const overrides = {
    homeRegion: text(context('homeRegion')),
    regions: list(context('regions')),
    hubAccount: text(context('hubAccount')),
    managementAccount: text(context('managementAccount')),
    organizationId: text(context('organizationId')),
    externalId: text(context('externalId')),
    alarmEmail: text(context('alarmEmail')),
    healthPolling: flag(context('healthPolling'), 'healthPolling', path),
    logRetentionDays: number(context('logRetentionDays')),
  };
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const merged = deploymentSchema.safeParse({ ...config.deployment, ...given });
  if (merged.success) return merged.data;
  throw invalid(
    path,
    merged.error.issues.map((issue) => `deployment.${issue.path.join('.')}: ${issue.message}`),
  );
}

function requiredOf(deployment: Deployment, path: string) {
  const { hubAccount, managementAccount, organizationId } = deployment;
  if (hubAccount === undefined || managementAccount === undefined || organizationId === undefined) {
    const missing = Object.entries({ hubAccount, managementAccount, organizationId })
      .filter(([, value]) => value === undefined)
      .map(([key]) => `deployment.${key} is missing; write it into the file or pass -c ${key}=…`);
    throw invalid(path, missing);
  }
  const foreign = [deployment.homeRegion, ...deployment.regions].find((region) => /^(cn|us-gov|us-iso)/.test(region));
  if (foreign !== undefined)
    throw invalid(path, [`deployment: ${foreign} is in another AWS partition; only commercial Regions are supported`]);
  return { hubAccount, managementAccount, organizationId };
}

function destinationsOf(config: Config): DestinationConfig[] {
  const receivers = [...Object.values(config.teams), config.central];
  const named = receivers.flatMap(({ slack }) => [slack.guardduty, slack.securityhub, slack.health]);
  const routed = config.routes.map((route) => (route.to === 'team' || route.to === 'central' ? undefined : route.to));
  return [...named, ...routed].filter((to) => to !== undefined);
}

function amazonQTopic(to: DestinationConfig): string[] {
  return typeof to === 'object' && 'amazonQ' in to ? [to.amazonQ] : [];
}

function problemLine(problem: ConfigProblem): string {
  const hint = problem.suggestion === null ? '' : ` (${problem.suggestion})`;
  return `${problem.line}:${problem.column} ${problem.path}: ${problem.message}${hint}`;
}

function invalid(path: string, problems: readonly string[]): YaguraError {
  return new YaguraError(
    'config.invalid',
    `${path} cannot be deployed:\n${problems.map((line) => `  ${line}`).join('\n')}`,
  );
}

function text(value: unknown): string | undefined {
  return value === undefined || value === '' ? undefined : String(value);
}

function number(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function list(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value.map(String);
  return text(value)
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function flag(value: unknown, key: string, path: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw invalid(path, [`${key}: "${String(value)}" is neither true nor false`]);
}

function oneOf<Value extends string | number>(
  value: string | number,
  allowed: readonly Value[],
  key: string,
  path: string,
): Value {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw invalid(path, [`${key}: ${value} is not one of ${allowed.join(', ')}`]);
}
