import { attackSequence } from './attack-sequence.ts';
import { HOUR, MINUTE } from './calendar.ts';
import { HOME_REGION } from './cast-accounts.ts';
import { instanceNamed } from './cast-instances.ts';
import { domains, remoteHost } from './cast-network.ts';
import { principal } from './cast-principals.ts';
import { resourceOf } from './cast-resources.ts';
import { apiCallAction, connectionAction, type Detection, dnsAction, instanceTarget, sightings } from './detection.ts';
import { detectionTypes } from './detection-types.ts';
import type { World } from './world.ts';

/** What GuardDuty finds of the story. */
export function storyDetections(world: World): Detection[] {
  const signals = [...stolenKeyDetections(world), ...minerDetections(world), bastionBruteForce(world)];
  const sequence = attackSequence(world, signals);
  const closed = world.story.beat('leaked-key/closed').at;
  const members = signals.map((signal, index) => ({
    ...signal,
    sequence: { arn: sequence.arn, from: sequence.joinedAt },
    archivedAt: closed + index * 2000,
  }));
  return [
    ...members,
    { ...sequence.detection, archivedAt: closed + 30_000, archivedWithoutSeverity: true },
    ...bucketDetections(world),
    rootDetection(world),
    ...hackathonDetections(world),
  ];
}

function stolenKeyDetections(world: World): Detection[] {
  const user = principal('ci-deployer');
  const attacker = remoteHost('attacker');
  const firstUse = world.story.beat('leaked-key/first-use');
  const persistence = world.story.beat('leaked-key/persistence');
  const random = world.random('stolen-key');
  const shared = {
    account: user.account,
    target: { kind: 'access-key', principal: user },
    resourceRole: 'TARGET',
  } as const;
  return [
    {
      ...shared,
      ...detectionTypes.iamDiscovery,
      key: 'ci-deployer-discovery',
      region: HOME_REGION,
      title: `User ${user.name} makes calls to look around in an unusual way`,
      description: `Calls used for discovery were made with the access key of ${user.name} from ${attacker.ip} (${attacker.country}), where this user has never worked before.`,
      action: apiCallAction('ec2', 'DescribeInstances', attacker, { userAgent: 'Boto3/1.34.0 Python/3.11' }),
      firstSeen: firstUse.at,
      sightings: sightings(random, firstUse.at, firstUse.at + HOUR, 20 * MINUTE, 9),
      beat: firstUse.id,
    },
    {
      ...shared,
      ...detectionTypes.iamInitialAccess,
      key: 'ci-deployer-initial-access',
      region: HOME_REGION,
      title: `User ${user.name} starts to work from an unusual place`,
      description: `The access key of ${user.name} was used from ${attacker.ip} in ${attacker.country}, a country not seen for this account in the last 90 days.`,
      action: apiCallAction('sts', 'GetCallerIdentity', attacker, { userAgent: 'Boto3/1.34.0 Python/3.11' }),
      firstSeen: firstUse.at,
      sightings: sightings(random, firstUse.at + MINUTE, firstUse.at + 30 * MINUTE, HOUR, 1),
      beat: firstUse.id,
    },
    {
      ...shared,
      ...detectionTypes.iamPersistence,
      key: 'ci-deployer-persistence',
      region: 'us-east-1',
      title: `User ${user.name} creates credentials in an unusual way`,
      description: `${user.name} created a user and an access key from ${attacker.ip}. This user has not called CreateAccessKey before.`,
      action: apiCallAction('iam', 'CreateAccessKey', attacker, {
        affectedResources: { 'AWS::IAM::User': resourceOf('user/svc-backup').arn },
      }),
      firstSeen: persistence.at,
      sightings: sightings(random, persistence.at, persistence.at + 20 * MINUTE, HOUR, 1),
      beat: persistence.id,
    },
  ];
}

function minerDetections(world: World): Detection[] {
  const mining = world.story.beat('leaked-key/mining');
  const pool = remoteHost('mining-pool');
  return ['miner-1', 'miner-2'].flatMap((name): Detection[] => {
    const instance = instanceNamed(name);
    const random = world.random(`mining|${name}`);
    const shared = {
      account: instance.account,
      region: instance.region,
      target: instanceTarget(world.story, instance),
      resourceRole: 'ACTOR',
      beat: mining.id,
    } as const;
    return [
      {
        ...shared,
        ...detectionTypes.bitcoinDns,
        key: `${name}-pool-lookup`,
        title: `EC2 instance ${instance.id} looks up a mining pool`,
        description: `EC2 instance ${instance.id} asks for ${domains.miningPool}, a name used for mining of digital currency.`,
        action: dnsAction(domains.miningPool),
        firstSeen: mining.at,
        sightings: sightings(random, mining.at, mining.until, 30 * MINUTE, 41),
      },
      {
        ...shared,
        ...detectionTypes.bitcoinFlow,
        key: `${name}-pool-traffic`,
        title: `EC2 instance ${instance.id} talks to a mining pool`,
        description: `EC2 instance ${instance.id} keeps a connection to ${pool.ip}, an address used for mining of digital currency.`,
        action: connectionAction(instance, pool, 'OUTBOUND', [43_312, 3333]),
        firstSeen: mining.at + 3 * MINUTE,
        sightings: sightings(random, mining.at + 3 * MINUTE, mining.until, 30 * MINUTE, 17),
      },
    ];
  });
}

function bastionBruteForce(world: World): Detection {
  const attempt = world.story.beat('leaked-key/brute-force');
  return bruteForce(world, 'payments-bastion', attempt.id, 90 * MINUTE, 210);
}

function bruteForce(world: World, name: string, beatId: string, gap: number, perGap: number): Detection {
  const beat = world.story.beat(beatId);
  const instance = instanceNamed(name);
  const scanner = remoteHost(beat.sourceHost ?? 'scanner-1');
  return {
    ...detectionTypes.sshBruteForce,
    key: `${name}-ssh-brute-force`,
    account: instance.account,
    region: instance.region,
    target: instanceTarget(world.story, instance),
    resourceRole: 'TARGET',
    title: `${scanner.ip} guesses SSH passwords on EC2 instance ${instance.id}`,
    description: `${scanner.ip} makes many attempts to sign in by SSH to EC2 instance ${instance.id}. Password guessing is a way to take over a server.`,
    action: connectionAction(instance, scanner, 'INBOUND', [22, 39_410]),
    firstSeen: beat.at,
    sightings: sightings(world.random(`brute-force|${name}`), beat.at, beat.until, gap, perGap),
    beat: beat.id,
  };
}

function bucketDetections(world: World): Detection[] {
  const opened = world.story.beat('public-bucket/made-public');
  const bucket = resourceOf('bucket/example-data-exports');
  const engineer = principal('tanaka-kenji@data-prod');
  const office = remoteHost('office-osaka');
  const closed = world.story.beat('public-bucket/made-private').at;
  const affected = { affectedResources: { 'AWS::S3::Bucket': bucket.name } };
  const shared = {
    account: bucket.account,
    region: bucket.region,
    resourceRole: 'TARGET',
    beat: opened.id,
  } as const;
  return [
    {
      ...shared,
      ...detectionTypes.blockPublicAccessOff,
      key: 'data-exports-block-off',
      target: { kind: 'bucket', bucket, isPublic: false },
      title: `Block Public Access was switched off for bucket ${bucket.name}`,
      description: `${engineer.name} switched off Block Public Access for the bucket ${bucket.name}.`,
      action: apiCallAction('s3', 'DeleteBucketPublicAccessBlock', office, affected),
      firstSeen: opened.at,
      sightings: sightings(world.random('bucket-block'), opened.at, opened.at + HOUR, 2 * HOUR, 1),
      archivedAt: closed + 16 * HOUR,
    },
    {
      ...shared,
      ...detectionTypes.anonymousBucket,
      key: 'data-exports-anonymous',
      target: { kind: 'bucket', bucket, isPublic: true },
      title: `Anybody can read bucket ${bucket.name}`,
      description: `${engineer.name} changed the policy of bucket ${bucket.name}, so that anybody on the internet can read it without signing in.`,
      action: apiCallAction('s3', 'PutBucketPolicy', office, affected),
      firstSeen: opened.at + 74_000,
      sightings: sightings(world.random('bucket-public'), opened.at + 74_000, opened.at + HOUR, 2 * HOUR, 1),
      archivedAt: closed + 16 * HOUR + 4000,
    },
  ];
}

function rootDetection(world: World): Detection {
  const beat = world.story.beat('root-login/signed-in');
  const root = principal('root/shared-services');
  const home = remoteHost('home-tokyo');
  return {
    ...detectionTypes.rootUse,
    key: 'shared-services-root',
    account: root.account,
    region: 'us-east-1',
    target: { kind: 'access-key', principal: root },
    resourceRole: 'TARGET',
    title: 'The root user called PutAlternateContact',
    description: `The root user of the account called PutAlternateContact from ${home.ip}. Daily work should never need the root user.`,
    action: apiCallAction('account', 'PutAlternateContact', home),
    firstSeen: beat.at,
    sightings: sightings(world.random('root'), beat.at, beat.until, 12 * MINUTE, 3),
    beat: beat.id,
    archivedAt: world.story.beat('root-login/explained').at,
  };
}

function hackathonDetections(world: World): Detection[] {
  const flood = world.story.beat('unowned-account/flood');
  const instance = instanceNamed('hackathon-demo-1');
  const victim = remoteHost('flood-victim');
  return [
    bruteForce(world, 'hackathon-demo-1', 'unowned-account/brute-force', 5 * HOUR, 640),
    {
      ...detectionTypes.denialOfService,
      key: 'hackathon-demo-1-flood',
      account: instance.account,
      region: instance.region,
      target: instanceTarget(world.story, instance),
      resourceRole: 'ACTOR',
      title: `EC2 instance ${instance.id} takes part in an attack on another host`,
      description: `EC2 instance ${instance.id} sends far more TCP traffic to ${victim.ip} than it ever did, as servers do that are used to flood others.`,
      action: connectionAction(instance, victim, 'OUTBOUND', [51_004, 80]),
      firstSeen: flood.at,
      sightings: sightings(world.random('flood'), flood.at, flood.until, 30 * MINUTE, 96),
      beat: flood.id,
    },
  ];
}
