import { isoSeconds, MINUTE, SECOND } from './calendar.ts';
import { accountNamed, HOME_REGION, managementAccount, units } from './cast-accounts.ts';
import { instanceNamed } from './cast-instances.ts';
import { delivered } from './envelope.ts';
import { stableHex, stableUuid } from './random.ts';
import type { JsonObject, SampleEvent } from './types.ts';
import type { World } from './world.ts';

/** A new account, first as AWS Organizations and then as Control Tower tells it. */
export function accountLifecycleEvents(world: World): SampleEvent[] {
  const beat = world.story.beat('unowned-account/created');
  const created = accountNamed('sandbox-hackathon');
  const unit = units.find((candidate) => candidate.path === created.ou);
  const byOrganizations = {
    createAccountStatus: {
      id: `car-${stableHex('create-account|sandbox-hackathon', 32)}`,
      state: 'SUCCEEDED',
      // CloudTrail hides the name here; Control Tower's event has it.
      accountName: '****',
      accountId: created.id,
      requestedTimestamp: isoSeconds(beat.at),
      completedTimestamp: isoSeconds(beat.at + 2 * MINUTE),
    },
  };
  const byControlTower = {
    createManagedAccountStatus: {
      organizationalUnit: { organizationalUnitName: created.ou, organizationalUnitId: unit?.id ?? '' },
      account: { accountName: created.name, accountId: created.id },
      state: 'SUCCEEDED',
      message: 'AWS Control Tower successfully created an enrolled account.',
      requestedTimestamp: isoSeconds(beat.at - MINUTE),
      completedTimestamp: isoSeconds(beat.until),
    },
  };
  const shared = { account: managementAccount, detailType: 'AWS Service Event via CloudTrail', resources: [] };
  return [
    delivered({
      ...shared,
      time: beat.at + 2 * MINUTE + 9 * SECOND,
      source: 'aws.organizations',
      region: 'us-east-1',
      detail: serviceEvent('organizations', 'CreateAccountResult', 'us-east-1', beat.at + 2 * MINUTE, byOrganizations),
      beat: beat.id,
      label: 'CreateAccountResult',
    }),
    delivered({
      ...shared,
      time: beat.until + 20 * SECOND,
      source: 'aws.controltower',
      region: HOME_REGION,
      detail: serviceEvent('controltower', 'CreateManagedAccount', HOME_REGION, beat.until, byControlTower),
      beat: beat.id,
      label: 'CreateManagedAccount',
    }),
  ];
}

/** Instance state changes of the miners: a kind of event that nobody asked for, as a broad rule forwards it. */
export function instanceStateEvents(world: World): SampleEvent[] {
  const started = world.story.beat('leaked-key/miner-started');
  const stopped = world.story.beat('leaked-key/miner-stopped');
  return ['miner-1', 'miner-2'].flatMap((name) =>
    (
      [
        ['pending', started.at + 59 * SECOND, started.id],
        ['running', started.at + 74 * SECOND, started.id],
        ['shutting-down', stopped.at + 89 * SECOND, stopped.id],
        ['terminated', stopped.at + 151 * SECOND, stopped.id],
      ] as const
    ).map(([state, time, beat]) => {
      const instance = instanceNamed(name);
      return delivered({
        time,
        source: 'aws.ec2',
        detailType: 'EC2 Instance State-change Notification',
        account: instance.account,
        region: instance.region,
        resources: [instance.arn],
        detail: { 'instance-id': instance.id, state },
        beat,
        label: `${name}|${state}`,
      });
    }),
  );
}

function serviceEvent(
  service: string,
  eventName: string,
  region: string,
  at: number,
  serviceEventDetails: JsonObject,
): JsonObject {
  const caller = service === 'controltower' ? 'AWS Internal' : `${service}.amazonaws.com`;
  return {
    eventVersion: '1.08',
    userIdentity: { accountId: managementAccount, invokedBy: caller },
    eventTime: isoSeconds(at),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: region,
    sourceIPAddress: caller,
    userAgent: caller,
    requestParameters: null,
    responseElements: null,
    eventID: stableUuid(`cloudtrail|${eventName}|${at}`),
    readOnly: false,
    eventType: 'AwsServiceEvent',
    managementEvent: true,
    recipientAccountId: managementAccount,
    serviceEventDetails,
    eventCategory: 'Management',
  };
}
