import { HealthClient } from '@aws-sdk/client-health';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type AwsAccess, accountOfRole, createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { awsFailure, explainAwsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';

/** Calls AWS Health and turns what goes wrong into `health.unavailable`. */
export type HealthCaller = {
  call<T>(what: string, send: (client: HealthClient) => Promise<T>): Promise<T>;
  ownAccount(): Promise<string>;
  report(problem: string): void;
};

const NO_PLAN =
  'The support plan of this account does not include the AWS Health API. It needs AWS Business Support+, Enterprise or Unified Operations ' +
  '(or an earlier Business, Enterprise On-Ramp or Enterprise plan) in the account that is asked. ' +
  'Health events that come through Amazon EventBridge still arrive; set health.poll (deployed: deployment.healthPolling) to false if there will be no such plan.';

/** Makes a caller; clients are made at the first call, because the active Region is looked up for them. */
export function createHealthCaller(
  access: AwsAccess,
  region: () => Promise<string>,
  report: (problem: string) => void,
): HealthCaller {
  let client: Promise<HealthClient> | undefined;
  let account = accountOfRole(access.roleArn);
  const connect = async (): Promise<HealthClient> =>
    createAwsClients({ ...access, region: await region() })(HealthClient);
  return {
    report,
    call: async (what, send) => {
      client ??= connect();
      const connected = await client;
      return send(connected).catch((thrown: unknown) => {
        throw unavailable(thrown, what, access);
      });
    },
    ownAccount: async () => {
      account ??= (await identity(access)) ?? '';
      return account;
    },
  };
}

async function identity(access: AwsAccess): Promise<string | undefined> {
  const client = createAwsClients({ fallbackRegion: 'us-east-1', ...access })(STSClient);
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Account;
  } catch (thrown) {
    throw unavailable(thrown, 'sts:GetCallerIdentity', access);
  }
}

function unavailable(thrown: unknown, what: string, access: AwsAccess): YaguraError {
  const failure = awsFailure(thrown);
  const text =
    failure.name === 'SubscriptionRequiredException'
      ? `${NO_PLAN} (${what}: ${failure.name})`
      : `Cannot read AWS Health: ${explainAwsFailure(failure, { what, access })}`;
  return new YaguraError('health.unavailable', text, { cause: thrown, retryable: failure.retryable });
}
