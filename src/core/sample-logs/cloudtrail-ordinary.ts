import { accountIdOf, HOME_REGION, managementAccount } from '#core/sample-organization/cast-accounts.ts';
import { instanceNamed } from '#core/sample-organization/cast-instances.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import { principal, principals } from '#core/sample-organization/cast-principals.ts';
import { resources } from '#core/sample-organization/cast-resources.ts';
import {
  agents,
  callerOf,
  deskOf,
  instanceCaller,
  pipelineOf,
  recorderOf,
  roleCaller,
  serviceCaller,
} from './cloudtrail-callers.ts';
import { invocations, itemCalls, keyCalls, objectCalls, roleCalls, trailBucketCalls } from './cloudtrail-data-calls.ts';
import { readingCalls, refusedCalls } from './cloudtrail-reading-calls.ts';
import { type Call, type Caller, recordText } from './cloudtrail-record.ts';
import { natAddressOf } from './flow-interfaces.ts';
import { capitalsText, uuidText } from './id-text.ts';
import type { LogWorld } from './log-world.ts';
import { isWorkTime } from './rhythm.ts';

/** What somebody calls again and again. */
type Habit = {
  readonly weight: number;
  readonly caller: Caller;
  readonly calls: readonly Call[];
  readonly isHuman?: true;
  /** From when on, and until when; a stolen key is used by its owner until it is disabled. */
  readonly from?: number;
  readonly until?: number;
};

const TRIES = 4;

/** Records of an ordinary day of an account in a Region, one a call. */
export function ordinaryTrail(world: LogWorld, account: string, region: string): (at: number) => string {
  const random = world.random(`cloudtrail|${account}|${region}`);
  const habits = (region === HOME_REGION ? homeHabits(world, account) : globalHabits(world, account)).filter(
    ({ calls }) => calls.length > 0,
  );
  const working = spread(habits);
  const resting = spread(habits.filter(({ isHuman }) => isHuman !== true));
  return (at) => {
    const table = isWorkTime(at) ? working : resting;
    let habit = random.pick(table);
    for (let tries = 1; tries < TRIES && !isAlive(habit, at); tries += 1) habit = random.pick(table);
    // The first of all is the recorder, which never rests.
    if (!isAlive(habit, at)) habit = table[0] ?? habit;
    const call = random.pick(habit.calls);
    const requestId = call.service === 's3' ? capitalsText(random, 16) : uuidText(random);
    return recordText(habit.caller, call, at, requestId, uuidText(random));
  };
}

function isAlive({ from, until }: Habit, at: number): boolean {
  return at >= (from ?? 0) && at < (until ?? Number.POSITIVE_INFINITY);
}

function spread(habits: readonly Habit[]): Habit[] {
  return habits.flatMap((habit) => Array.from({ length: habit.weight }, () => habit));
}

function homeHabits(world: LogWorld, account: string): Habit[] {
  const reads = readingCalls(account, HOME_REGION);
  const lambdas = [...resources.values()].filter(
    (one) => one.account === account && one.type === 'AWS::Lambda::Function',
  );
  const functionRoles = lambdas.map(({ name }) => `${name}-role`);
  const lambdaCaller = functionRoles.map((role) =>
    roleCaller(account, role, role.replace(/-role$/, ''), { ip: natAddressOf(account), agent: agents.lambda }),
  );
  const [worker] = lambdaCaller;
  return [
    ...basics(world, account, HOME_REGION),
    { weight: 16, caller: serviceCaller(account, 'ec2'), calls: roleCalls(account, instanceRoles(account)) },
    { weight: 12, caller: serviceCaller(account, 'lambda'), calls: roleCalls(account, functionRoles) },
    { weight: 4, caller: serviceCaller(account, 'config'), calls: roleCalls(account, ['AWSServiceRoleForConfig']) },
    ...(worker === undefined
      ? []
      : [
          { weight: 10, caller: worker, calls: itemCalls(account) },
          { weight: 8, caller: worker, calls: keyCalls(account) },
          { weight: 2, caller: worker, calls: refusedCalls(reads.slice(0, 2), worker.arn) },
        ]),
    { weight: 10, caller: serviceCaller(account, 'events'), calls: invocations(account) },
    ...(HOME_HABITS[account]?.(world) ?? []),
  ];
}

function globalHabits(world: LogWorld, account: string): Habit[] {
  const signIns = peopleOf(account).map((who): Habit => {
    const caller = { ...deskOf(who), isConsole: false };
    return { weight: 2, caller, calls: [signIn()], isHuman: true, ...timesOf(world, who.key) };
  });
  return [...basics(world, account, 'us-east-1'), ...signIns];
}

/** What every account has: the recorder, the pipeline and the people who look around. */
function basics(world: LogWorld, account: string, region: string): Habit[] {
  const reads = readingCalls(account, region);
  const pipeline = pipelineOf(account);
  const people = peopleOf(account).flatMap((who): Habit[] => {
    const caller = deskOf(who);
    const times = timesOf(world, who.key);
    return [
      { weight: 10, caller, calls: reads, isHuman: true, ...times },
      { weight: 1, caller, calls: refusedCalls(reads, caller.arn), isHuman: true, ...times },
    ];
  });
  return [
    { weight: 20, caller: recorderOf(account), calls: reads },
    { weight: 10, caller: pipeline, calls: reads, isHuman: true },
    ...people,
  ];
}

/** What single accounts have besides. */
const HOME_HABITS: Readonly<Record<string, (world: LogWorld) => Habit[]>> = {
  [accountIdOf('payments-prod')]: (world) => {
    const batch = instanceCaller('payments-batch-instance');
    const gitlab = { ip: instanceNamed('shared-gitlab-1').publicIp ?? '', agent: agents.boto };
    const until = world.story.beat('leaked-key/keys-disabled').at;
    return [
      {
        weight: 14,
        caller: userOf('receipts-sync', 'office-tokyo'),
        calls: objectCalls('example-payments-receipts', 'GetObject'),
      },
      { weight: 10, caller: batch, calls: objectCalls('example-payments-receipts', 'PutObject') },
      { weight: 6, caller: batch, calls: secretCalls('payments-orders-password-AbCdEf', '111122223333') },
      {
        weight: 6,
        caller: callerOf(principal('ci-deployer'), gitlab),
        calls: objectCalls('example-payments-artifacts', 'PutObject'),
        isHuman: true,
        until,
      },
      { weight: 3, caller: callerOf(principal('ci-deployer'), gitlab), calls: imageCalls(), isHuman: true, until },
    ];
  },
  [accountIdOf('storefront-prod')]: () => [
    { weight: 16, caller: instanceCaller('storefront-eks-node'), calls: imageCalls() },
    {
      weight: 12,
      caller: instanceCaller('storefront-eks-node'),
      calls: objectCalls('example-storefront-uploads', 'GetObject'),
    },
    { weight: 4, caller: userOf('jenkins', 'office-tokyo'), calls: imageCalls(), isHuman: true },
  ],
  [accountIdOf('data-prod')]: () => [
    {
      weight: 22,
      caller: instanceCaller('data-airflow-instance'),
      calls: objectCalls('example-data-lake-raw', 'GetObject'),
    },
    {
      weight: 12,
      caller: instanceCaller('data-airflow-instance'),
      calls: objectCalls('example-data-lake-curated', 'PutObject'),
    },
    {
      weight: 6,
      caller: userOf('tableau-export', 'office-osaka'),
      calls: objectCalls('example-data-lake-curated', 'GetObject'),
    },
  ],
  [accountIdOf('shared-services')]: () => [
    {
      weight: 14,
      caller: userOf('terraform-bootstrap', 'office-tokyo'),
      calls: objectCalls('example-terraform-state', 'GetObject'),
      isHuman: true,
    },
    {
      weight: 4,
      caller: userOf('terraform-bootstrap', 'office-tokyo'),
      calls: objectCalls('example-terraform-state', 'PutObject'),
      isHuman: true,
    },
  ],
  [accountIdOf('payments-dev')]: () => [
    {
      weight: 6,
      caller: userOf('load-test', 'office-tokyo'),
      calls: readingCalls(accountIdOf('payments-dev'), HOME_REGION).slice(0, 6),
      isHuman: true,
    },
  ],
  [accountIdOf('log-archive')]: () => [
    { weight: 40, caller: serviceCaller(accountIdOf('log-archive'), 'cloudtrail'), calls: trailBucketCalls() },
  ],
  [managementAccount]: () => [
    {
      weight: 8,
      caller: serviceCaller(managementAccount, 'controltower'),
      calls: roleCalls(managementAccount, ['AWSControlTowerAdmin']),
    },
  ],
};

function userOf(name: string, host: string): Caller {
  return callerOf(principal(name), { ip: remoteHost(host).ip, agent: agents.cli });
}

function peopleOf(account: string) {
  return principals.filter((who) => who.kind === 'person-session' && who.account === account);
}

function timesOf(world: LogWorld, who: string): { from?: number } {
  return who.startsWith('kato-minoru') ? { from: world.story.beat('unowned-account/instance-launched').at } : {};
}

function instanceRoles(account: string): string[] {
  const own = principals
    .filter((who) => who.kind === 'service-role' && who.account === account)
    .map(({ name }) => name);
  return own.length === 0 ? ['AmazonSSMRoleForInstances'] : own;
}

function signIn(): Call {
  return {
    service: 'signin',
    name: 'ConsoleLogin',
    region: 'us-east-1',
    isReadOnly: false,
    type: 'AwsConsoleSignIn',
    request: 'null',
    response: '{"ConsoleLogin":"Success"}',
    additional: '{"MobileVersion":"No","MFAUsed":"No"}',
    host: 'signin.aws.amazon.com',
  };
}

function secretCalls(id: string, account: string): Call[] {
  const request = `{"secretId":"arn:aws:secretsmanager:${HOME_REGION}:${account}:secret:${id}"}`;
  return [
    {
      service: 'secretsmanager',
      name: 'GetSecretValue',
      region: HOME_REGION,
      isReadOnly: true,
      request,
      response: 'null',
    },
  ];
}

function imageCalls(): Call[] {
  return (
    ['GetAuthorizationToken', 'BatchCheckLayerAvailability', 'GetDownloadUrlForLayer', 'BatchGetImage'] as const
  ).map((name) => ({
    service: 'ecr',
    name,
    region: HOME_REGION,
    isReadOnly: true,
    request:
      name === 'GetAuthorizationToken' ? 'null' : '{"repositoryName":"storefront-web","registryId":"777788889999"}',
    response: 'null',
  }));
}
