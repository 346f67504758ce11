import { DescribeHealthServiceStatusForOrganizationCommand } from '@aws-sdk/client-health';
import type { AwsAccess } from '#adapters/aws-clients/aws-clients.ts';
import { awsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { Clock } from '#ports/clock.ts';
import type { HealthSource } from '#ports/health-source.ts';
import { accountView } from './account-view.ts';
import { activeHealthRegion, USUAL_HEALTH_REGION } from './active-region.ts';
import { createHealthCaller, type HealthCaller } from './health-caller.ts';
import type { HealthSummary, HealthView } from './health-view.ts';
import { organizationView } from './organization-view.ts';

export type HealthSourceSettings = AwsAccess & {
  readonly clock: Clock;
  /** Told what a person should know: only one account is seen, details of an account were refused. The first is said once, not at every poll. */
  readonly onProblem?: (problem: string) => void;
};

/** Health keeps events for 90 days; asking for older ones gives the same answer. */
const KEPT_MS = 90 * 86_400_000;

/**
 * Reads the AWS Health API: the whole organization where organizational view is on (management or delegated administrator account), else the one account.
 * Needs `health:Describe*ForOrganization` and, for the account view, `health:DescribeEvents`, `DescribeEventDetails`, `DescribeAffectedEntities`.
 * @example for await (const event of createHealthSource({ roleArn, externalId, clock }).changesSince(since)) …
 */
export function createHealthSource(settings: HealthSourceSettings): HealthSource {
  const { clock, onProblem, ...given } = settings;
  const access: AwsAccess = { sessionName: 'yagura-health', ...given };
  const report = onProblem ?? (() => undefined);
  const caller = createHealthCaller(access, regionOf(access), report);
  let said: string | undefined;

  const fallBack = (reason: string): HealthView => {
    if (said !== reason) report(reason);
    said = reason;
    return accountView(caller);
  };

  return {
    async *changesSince(since) {
      const from = new Date(Math.max(since, clock.now() - KEPT_MS));
      const { view, events } = await ask(caller, from, fallBack);
      // Oldest first, so that a reader that is stopped half-way has missed nothing older than what it saw.
      yield* view.complete([...events].sort((a, b) => (a.lastUpdatedTime < b.lastUpdatedTime ? -1 : 1)));
    },
  };
}

type Asked = { readonly view: HealthView; readonly events: readonly HealthSummary[] };

async function ask(caller: HealthCaller, from: Date, fallBack: (reason: string) => HealthView): Promise<Asked> {
  const status = await organizationStatus(caller);
  if (status === 'ENABLED' || status === undefined) {
    const view = organizationView(caller);
    try {
      return { view, events: await view.changedSince(from) };
    } catch (thrown) {
      // A delegated administrator may not ask for the status, so only the attempt shows whether the view is there.
      if (status === 'ENABLED' || !refuses(thrown)) throw thrown;
      return askAccount(fallBack(`${ONE_ACCOUNT} ${messageOf(thrown)}`), from);
    }
  }
  return askAccount(fallBack(`${ONE_ACCOUNT} Organizational view is ${status}.`), from);
}

async function askAccount(view: HealthView, from: Date): Promise<Asked> {
  return { view, events: await view.changedSince(from) };
}

const ONE_ACCOUNT =
  'AWS Health is read for one account only. For all accounts, turn on organizational view in the management account (aws health enable-health-service-access-for-organization) ' +
  'and give health.roleArn a role there or in the delegated administrator account.';

/** `ENABLED`, `DISABLED` or `PENDING`; undefined when this account may not know. */
async function organizationStatus(caller: HealthCaller): Promise<string | undefined> {
  try {
    const answer = await caller.call('health:DescribeHealthServiceStatusForOrganization', (client) =>
      client.send(new DescribeHealthServiceStatusForOrganizationCommand({})),
    );
    return answer.healthServiceAccessStatusForOrganization;
  } catch (thrown) {
    if (refuses(thrown)) return undefined;
    throw thrown;
  }
}

/** True when AWS understood the question and said no, for another reason than the support plan. */
function refuses(thrown: unknown): boolean {
  if (!(thrown instanceof YaguraError)) return false;
  const failure = awsFailure(thrown.cause);
  return (failure.kind === 'denied' || failure.kind === 'refused') && failure.name !== 'SubscriptionRequiredException';
}

function regionOf(access: AwsAccess): () => Promise<string> {
  const { region, endpoint } = access;
  if (region !== undefined) return async () => region;
  const elsewhere = endpoint ?? process.env['AWS_ENDPOINT_URL'] ?? process.env['AWS_ENDPOINT_URL_HEALTH'];
  return elsewhere === undefined ? () => activeHealthRegion() : async () => USUAL_HEALTH_REGION;
}
