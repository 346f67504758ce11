import { isoSeconds, MINUTE } from '#core/sample-organization/calendar.ts';
import { accountIdOf, HOME_REGION, organizationIds } from '#core/sample-organization/cast-accounts.ts';
import { instanceNamed } from '#core/sample-organization/cast-instances.ts';
import { principal } from '#core/sample-organization/cast-principals.ts';
import { resourceOf } from '#core/sample-organization/cast-resources.ts';
import { stableHex, stableUuid } from '#core/sample-organization/random.ts';
import { agents, callerOf, roleCaller } from './cloudtrail-callers.ts';
import { recordText } from './cloudtrail-record.ts';
import { capacityTimes } from './cloudtrail-story.ts';
import { lettersText, uuidText } from './id-text.ts';
import type { LogWorld } from './log-world.ts';
import type { FileJob } from './sample-log-file.ts';
import { dayPath, minuteStamp } from './time-text.ts';

/** The files of CloudTrail that lie in folders of their own: an Insights event and network activity. */
export function specialTrailFiles(world: LogWorld): { readonly jobs: FileJob[]; readonly records: number } {
  const insight = insightRecords(world);
  const network = networkRecords(world);
  const resolved = world.story.beat('ec2-issue/resolved').at;
  const mined = world.story.beat('leaked-key/mining').until;
  return {
    records: insight.length + network.length,
    jobs: [
      trailJob(world, 'CloudTrail-Insight', accountIdOf('storefront-prod'), resolved + 20 * MINUTE, insight),
      trailJob(world, 'CloudTrail-NetworkActivity', accountIdOf('payments-prod'), mined + 20 * MINUTE, network),
    ],
  };
}

/** The key of a file of the organization's trail. */
export function trailKey(folder: string, account: string, region: string, at: number, unique: string): string {
  return `AWSLogs/${organizationIds.id}/${account}/${folder}/${region}/${dayPath(at)}/${account}_${folder}_${region}_${minuteStamp(at)}_${unique}.json.gz`;
}

function trailJob(world: LogWorld, folder: string, account: string, at: number, records: readonly string[]): FileJob {
  const unique = lettersText(world.random(`cloudtrail-files|${folder}`), 16);
  return {
    at,
    build: () => ({
      key: trailKey(folder, account, HOME_REGION, at, unique),
      content: `{"Records":[${records.join(',')}]}`,
      gzip: true,
      source: 'cloudtrail',
      records: records.length,
      at,
    }),
  };
}

/** Start and end of the errors of RunInstances while EC2 had no capacity. */
function insightRecords(world: LogWorld): string[] {
  const times = capacityTimes(world);
  const account = accountIdOf('storefront-prod');
  const caller = roleCaller(account, 'AWSServiceRoleForAutoScaling', 'AutoScaling', {
    ip: '',
    agent: '',
    invokedBy: 'autoscaling.amazonaws.com',
  });
  const record = (state: 'Start' | 'End', at: number, duration: number) => ({
    eventVersion: '1.09',
    eventTime: isoSeconds(at),
    awsRegion: HOME_REGION,
    eventID: stableUuid(`insight|${state}|${at}`),
    eventType: 'AwsCloudTrailInsight',
    recipientAccountId: account,
    sharedEventID: stableUuid(`insight|shared|${times[0]}`),
    insightDetails: {
      state,
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      insightType: 'ApiErrorRateInsight',
      errorCode: 'Server.InsufficientInstanceCapacity',
      insightContext: {
        statistics: {
          baseline: { average: 0.0011 },
          insight: { average: 0.67 },
          insightDuration: duration,
          baselineDuration: 10_080,
        },
        attributions: [
          { attribute: 'userIdentityArn', insight: [{ value: caller.arn, average: 0.67 }], baseline: [] },
          { attribute: 'userAgent', insight: [{ value: caller.agent, average: 0.67 }], baseline: [] },
        ],
      },
    },
    eventCategory: 'Insight',
  });
  const first = times[0] ?? world.start;
  const last = times.at(-1) ?? first;
  return [
    JSON.stringify(record('Start', first + 9 * MINUTE, 1)),
    JSON.stringify(record('End', last + 9 * MINUTE, Math.round((last - first) / MINUTE))),
  ];
}

/** A miner with the stolen key tries to write to a bucket of its own: the policy of the endpoint says no. */
function networkRecords(world: LogWorld): string[] {
  const random = world.random('network-activity');
  const mining = world.story.beat('leaked-key/mining');
  const miner = instanceNamed('miner-1');
  const { account } = resourceOf('bucket/example-payments-receipts');
  const endpointId = `vpce-0${stableHex('endpoint|payments-prod|s3', 16)}`;
  const reader = { ip: miner.privateIp, agent: agents.intruder };
  const call = (name: string, bucketName: string, isDenied: boolean) => ({
    service: 's3',
    name,
    region: HOME_REGION,
    isReadOnly: name !== 'PutObject',
    category: 'NetworkActivity' as const,
    type: 'AwsVpceEvent' as const,
    endpointId,
    request: 'null',
    response: 'null',
    ...(isDenied
      ? {
          error: {
            code: 'VpceAccessDenied',
            message: `The request was denied due to a VPC endpoint policy: s3:${name} on arn:aws:s3:::${bucketName}`,
          },
        }
      : {}),
  });
  const intruder = callerOf(principal('svc-backup'), reader);
  const batch = callerOf(principal('payments-batch-instance'), {
    ip: instanceNamed('payments-batch-1').privateIp,
    agent: agents.boto,
  });
  const denied = Array.from({ length: 12 }, (_, index) =>
    recordText(
      intruder,
      call('PutObject', 'example-elsewhere-drop', true),
      mining.at + index * 3 * MINUTE,
      uuidText(random),
      uuidText(random),
    ),
  );
  const allowed = Array.from({ length: 8 }, (_, index) =>
    recordText(
      { ...batch, account },
      call('GetObject', 'example-payments-receipts', false),
      mining.at + index * 11 * MINUTE,
      uuidText(random),
      uuidText(random),
    ),
  );
  return [...denied, ...allowed];
}
