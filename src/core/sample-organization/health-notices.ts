import { DAY, HOUR, MINUTE } from './calendar.ts';
import { accountIdOf, HOME_REGION } from './cast-accounts.ts';
import { principal } from './cast-principals.ts';
import { resourceOf } from './cast-resources.ts';
import type { HealthEntity, HealthNotice, HealthUpdate } from './health-notice.ts';
import type { World } from './world.ts';

/** Every Health event of the fourteen days. */
export function healthNotices(world: World): HealthNotice[] {
  return [rdsMaintenance(world), ...ec2Issue(world), exposedKey(world), abuseReport(world), ...dailyNotices(world)];
}

function rdsMaintenance(world: World): HealthNotice {
  const beat = (id: string) => world.story.beat(`rds-maintenance/${id}`);
  const carriedOut = beat('carried-out');
  const databases = carriedOut.resources.map((key) => resourceOf(key).arn);
  const firstPlan = world.calendar.at(11, '02:00');
  const update = (
    id: string,
    more: Pick<HealthUpdate, 'status' | 'startsAt' | 'text'>,
    state: HealthEntity['status'],
  ) => ({
    at: beat(id).at,
    beat: beat(id).id,
    entities: entities(databases, state),
    perPage: 2,
    ...more,
  });
  const finished = carriedOut.until;
  return {
    ...account('rds-maintenance', 'payments-prod', HOME_REGION),
    service: 'RDS',
    typeCode: 'AWS_RDS_MAINTENANCE_SCHEDULED',
    category: 'scheduledChange',
    hasBackupCopy: true,
    actionability: 'ACTION_MAY_BE_REQUIRED',
    updates: [
      update(
        'announced',
        {
          status: 'upcoming',
          startsAt: firstPlan,
          text: 'Your databases need an operating system update. It is installed in the maintenance window named here and restarts each database once. You can install it earlier at a time of your choice.',
        },
        'PENDING',
      ),
      update(
        'moved',
        {
          status: 'upcoming',
          startsAt: carriedOut.at,
          text: 'The maintenance of your databases begins one hour later than announced. Each database restarts once.',
        },
        'PENDING',
      ),
      {
        ...update(
          'closed',
          {
            status: 'closed',
            startsAt: carriedOut.at,
            text: 'The maintenance is finished. All databases are available.',
          },
          'RESOLVED',
        ),
        endsAt: finished,
      },
    ],
  };
}

const ISSUE = { service: 'EC2', typeCode: 'AWS_EC2_OPERATIONAL_ISSUE', category: 'issue' } as const;

function ec2Issue(world: World): HealthNotice[] {
  const [opened, identified, resolved] = ['opened', 'identified', 'resolved'].map((id) =>
    world.story.beat(`ec2-issue/${id}`),
  );
  if (opened === undefined || identified === undefined || resolved === undefined) return [];
  const startsAt = opened.at - 14 * MINUTE;
  const updates = (values: readonly string[], delay: number): HealthUpdate[] => [
    {
      at: opened.at + delay,
      status: 'open',
      startsAt,
      text: 'We are looking into higher error rates of EC2 APIs and trouble with the network of instances in one Availability Zone of the Tokyo Region.',
      entities: entities(values, 'IMPAIRED'),
      beat: opened.id,
    },
    {
      at: identified.at + delay,
      status: 'open',
      startsAt,
      text: 'A cooling unit failed in part of one Availability Zone (apne1-az4). Instances on the affected hosts lose power. Please move work to other zones.',
      entities: entities(values, 'IMPAIRED'),
      beat: identified.id,
    },
    {
      at: resolved.at + delay,
      status: 'closed',
      startsAt,
      endsAt: resolved.at - 6 * MINUTE,
      text: 'Cooling works again, and EC2 is operating normally. A few instances on damaged hosts need to be started anew.',
      entities: entities(values, 'UNIMPAIRED'),
      beat: resolved.id,
    },
  ];
  const affected = ['instance/payments-api-1', 'instance/storefront-web-2'].map((key, index): HealthNotice => {
    const instance = resourceOf(key);
    return {
      ...account(`ec2-issue-${instance.name}`, null, HOME_REGION),
      ...ISSUE,
      // One event for the whole organization: every affected account gets it under the same ARN.
      key: 'ec2-issue-organization',
      account: instance.account,
      updates: updates([instance.arn], (2 + index) * MINUTE),
    };
  });
  const publicNotice: HealthNotice = {
    ...account('ec2-issue-public', null, HOME_REGION),
    ...ISSUE,
    actionability: 'INFORMATIONAL',
    updates: updates([], 0),
  };
  return [publicNotice, ...affected];
}

function exposedKey(world: World): HealthNotice {
  const beat = world.story.beat('leaked-key/exposure-notice');
  const disabled = world.story.beat('leaked-key/keys-disabled');
  const keys = [principal('ci-deployer').accessKeyId];
  return {
    ...account('exposed-key', 'payments-prod', 'us-east-1'),
    service: 'RISK',
    typeCode: 'AWS_RISK_CREDENTIALS_EXPOSED',
    category: 'issue',
    actionability: 'ACTION_REQUIRED',
    personas: ['SECURITY'],
    hasBackupCopy: true,
    updates: [
      {
        at: beat.at,
        status: 'open',
        startsAt: beat.at - 3 * MINUTE,
        text: 'An access key of your account was found in a public place. Disable the key, replace it, and look for resources that you did not create.',
        entities: entities(keys, 'IMPAIRED'),
        beat: beat.id,
      },
      {
        at: disabled.until + 8 * HOUR,
        status: 'closed',
        startsAt: beat.at - 3 * MINUTE,
        endsAt: disabled.until,
        text: 'The access key that was found in a public place is no longer active.',
        entities: entities(keys, 'RESOLVED'),
        beat: disabled.id,
      },
    ],
  };
}

function abuseReport(world: World): HealthNotice {
  const beat = world.story.beat('unowned-account/abuse-report');
  return {
    ...account('abuse-report', 'sandbox-hackathon', 'global'),
    service: 'ABUSE',
    typeCode: 'AWS_ABUSE_DOS_REPORT',
    category: 'issue',
    isAbuse: true,
    actionability: 'ACTION_REQUIRED',
    personas: ['SECURITY'],
    updates: [
      {
        at: beat.at,
        status: 'open',
        startsAt: world.story.beat('unowned-account/flood').at,
        text: 'Somebody reports that your instance takes part in a denial-of-service attack. Stop the activity and answer within 24 hours with what you did.',
        entities: entities([resourceOf('instance/hackathon-demo-1').arn], 'UNKNOWN'),
        beat: beat.id,
      },
    ],
  };
}

type Daily = readonly [
  key: string,
  accountName: string,
  day: number,
  service: string,
  typeCode: string,
  category: HealthNotice['category'],
  startsAfterDays: number,
  resources: readonly string[],
  text: string,
];

// biome-ignore format: one notice a line reads as a table.
const daily: readonly Daily[] = [
  ['retirement', 'storefront-stg', 2, 'EC2', 'AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED', 'scheduledChange', 14, ['instance/storefront-stg-web-1'], 'The host of your instance is failing. The instance is stopped at the time named here; start it again to move it to a healthy host.'],
  ['runtime-data', 'data-prod', 3, 'LAMBDA', 'AWS_LAMBDA_PLANNED_LIFECYCLE_EVENT', 'scheduledChange', 120, ['lambda/data-export-notify'], 'The runtime of your function reaches its end of support. Move the function to a newer runtime before the date named here.'],
  ['runtime-storefront', 'storefront-prod', 3, 'LAMBDA', 'AWS_LAMBDA_PLANNED_LIFECYCLE_EVENT', 'scheduledChange', 120, ['lambda/storefront-image-resize', 'lambda/storefront-search-index'], 'The runtime of your functions reaches its end of support. Move them to a newer runtime before the date named here.'],
  ['kubernetes', 'storefront-prod', 6, 'EKS', 'AWS_EKS_PLANNED_LIFECYCLE_EVENT', 'scheduledChange', 60, ['eks/storefront-eks'], 'The Kubernetes version of your cluster leaves standard support. Upgrade it before the date named here, or pay for extended support.'],
  ['certificate', 'storefront-prod', 4, 'ACM', 'AWS_ACM_RENEWAL_STATE_CHANGE', 'accountNotification', 0, ['alb/storefront-public'], 'The certificate used by this load balancer was renewed. You need to do nothing.'],
  ['tunnel', 'network-hub', 7, 'VPN', 'AWS_VPN_SINGLE_TUNNEL_NOTIFICATION', 'accountNotification', 0, ['vpc/network-hub-main'], 'Only one tunnel of your VPN connection is up. Bring up the second one, so that maintenance does not interrupt it.'],
  ['rds-certificate', 'data-prod', 10, 'RDS', 'AWS_RDS_PLANNED_LIFECYCLE_EVENT', 'scheduledChange', 90, ['rds/data-metastore'], 'The database engine version leaves standard support. Upgrade it before the date named here.'],
  ['reboot', 'shared-services', 11, 'EC2', 'AWS_EC2_INSTANCE_REBOOT_MAINTENANCE_SCHEDULED', 'scheduledChange', 9, ['instance/shared-gitlab-1'], 'Your instance is restarted once for maintenance of its host.'],
];

function dailyNotices(world: World): HealthNotice[] {
  return daily.map(([key, accountName, day, service, typeCode, category, startsAfterDays, resources, text], index) => {
    const at = world.calendar.at(day, '08:30') + index * 13 * MINUTE;
    const isPlanned = category === 'scheduledChange';
    return {
      ...account(key, accountName, HOME_REGION),
      service,
      typeCode,
      category,
      hasBackupCopy: index % 3 === 0,
      actionability: isPlanned ? 'ACTION_REQUIRED' : 'INFORMATIONAL',
      ...(service === 'LAMBDA' ? { metadata: { deprecated_versions: 'nodejs18.x' } } : {}),
      updates: [
        {
          at,
          status: isPlanned ? 'upcoming' : 'open',
          startsAt: at + startsAfterDays * DAY,
          text,
          entities: entities(
            resources.map((resource) => resourceOf(resource).arn),
            isPlanned ? 'PENDING' : 'UNKNOWN',
          ),
          beat: null,
        },
      ],
    };
  });
}

function entities(values: readonly string[], status: HealthEntity['status']): HealthEntity[] {
  return values.map((value) => ({ value, status }));
}

function account(key: string, accountName: string | null, region: string) {
  return {
    key,
    account: accountName === null ? null : accountIdOf(accountName),
    region,
    isAbuse: false,
    hasBackupCopy: false,
    actionability: 'ACTION_MAY_BE_REQUIRED',
    personas: ['OPERATIONS'],
  } as const;
}
