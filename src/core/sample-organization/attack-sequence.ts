import { isoMillis, MINUTE } from './calendar.ts';
import { accountNameOf, HOME_REGION } from './cast-accounts.ts';
import { instanceNamed } from './cast-instances.ts';
import { remoteHost } from './cast-network.ts';
import { principal } from './cast-principals.ts';
import { type Detection, detectorIdOf, findingIdOf, guardDutyArn } from './detection.ts';
import { detectionTypes } from './detection-types.ts';
import type { Json, JsonObject } from './types.ts';
import type { World } from './world.ts';

/** The finding in which GuardDuty joins the signals of the stolen key. */
export function attackSequence(
  world: World,
  signals: readonly Detection[],
): { detection: Detection; arn: string; joinedAt: number } {
  const user = principal('ci-deployer');
  const key = 'payments-prod-attack-sequence';
  const arn = guardDutyArn(
    HOME_REGION,
    user.account,
    detectorIdOf(accountNameOf(user.account), HOME_REGION),
    findingIdOf({ key }),
  );
  const mining = world.story.beat('leaked-key/mining');
  const joinedAt = mining.at + 34 * MINUTE;
  const involved = [instanceNamed('miner-1'), instanceNamed('miner-2')];
  const detection: Detection = {
    ...detectionTypes.attackSequence,
    key,
    account: user.account,
    region: HOME_REGION,
    title: `Credentials of ${user.name} appear to be stolen: one actor did several suspicious things in a row`,
    description: `The access key of ${user.name} was used from an unusual country to look around, to create another key, to open a security group and to start mining instances.`,
    target: { kind: 'attack-sequence', sequence: sequenceOf(arn, signals, joinedAt), involved },
    action: null,
    resourceRole: 'TARGET',
    firstSeen: world.story.beat('leaked-key/first-use').at,
    sightings: [
      { at: joinedAt, lastSeen: joinedAt - 4 * MINUTE, count: signals.length },
      { at: joinedAt + 61 * MINUTE, lastSeen: joinedAt + 52 * MINUTE, count: signals.length + 4 },
    ],
    // Joined from signals of several beats; it tells of the key's misuse as a whole.
    beat: 'leaked-key/mining',
  };
  return { detection, arn, joinedAt };
}

function sequenceOf(arn: string, signals: readonly Detection[], joinedAt: number): JsonObject {
  const user = principal('ci-deployer');
  const attacker = remoteHost('attacker');
  const actorId = `user:IAMUser:${user.principalId}`;
  const endpointId = `ip:${attacker.ip}`;
  return {
    uid: arn,
    description: 'Unusual discovery, a new access key, an opened security group and mining by one set of credentials.',
    actors: [
      {
        id: actorId,
        user: {
          name: user.name,
          uid: user.principalId,
          type: 'IAMUser',
          credentialUid: user.accessKeyId,
          account: { uid: user.account },
        },
      },
    ],
    endpoints: [
      {
        id: endpointId,
        ip: attacker.ip,
        location: { city: attacker.city, country: attacker.country, lat: attacker.lat, lon: attacker.lon },
        autonomousSystem: { name: attacker.asOrganization, number: attacker.asn },
      },
    ],
    resources: involvedResources(),
    signals: signals.map((signal) => signalOf(signal, actorId, endpointId, joinedAt)),
    sequenceIndicators: [
      { key: 'ATTACK_TACTIC', values: ['Initial Access', 'Discovery', 'Persistence', 'Impact'] },
      { key: 'ATTACK_TECHNIQUE', values: ['T1078.004', 'T1098.001', 'T1496'] },
      {
        key: 'HIGH_RISK_API',
        values: ['iam:CreateAccessKey', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:RunInstances'],
      },
    ],
  };
}

function involvedResources(): Json[] {
  const user = principal('ci-deployer');
  const key = {
    uid: `access-key:${user.accessKeyId}`,
    resourceType: 'ACCESS_KEY',
    name: user.accessKeyId,
    accountId: user.account,
    region: HOME_REGION,
    cloudPartition: 'aws',
    data: { accessKey: { principalId: user.principalId, userName: user.name, userType: 'IAMUser' } },
  };
  const miners = ['miner-1', 'miner-2'].map((name) => {
    const instance = instanceNamed(name);
    return {
      uid: instance.arn,
      resourceType: 'EC2_INSTANCE',
      name: instance.id,
      accountId: instance.account,
      region: instance.region,
      cloudPartition: 'aws',
      data: { ec2Instance: { instanceType: instance.instanceType, instanceState: 'running' } },
    };
  });
  return [key, ...miners];
}

function signalOf(signal: Detection, actorId: string, endpointId: string, joinedAt: number): JsonObject {
  const known = signal.sightings.filter((sighting) => sighting.at <= joinedAt);
  const latest = known.at(-1) ?? signal.sightings[0];
  const detectorId = detectorIdOf(accountNameOf(signal.account), signal.region);
  return {
    uid: guardDutyArn(signal.region, signal.account, detectorId, findingIdOf(signal)),
    type: 'FINDING',
    name: signal.type,
    description: signal.description,
    severity: signal.severity,
    count: latest?.count ?? 1,
    createdAt: isoMillis(signal.sightings[0]?.at ?? signal.firstSeen),
    updatedAt: isoMillis(latest?.at ?? signal.firstSeen),
    firstSeenAt: isoMillis(signal.firstSeen),
    lastSeenAt: isoMillis(latest?.lastSeen ?? signal.firstSeen),
    actorIds: [actorId],
    endpointIds: [endpointId],
    resourceUids: signal.target.kind === 'instance' ? [signal.target.instance.arn] : [],
    signalIndicators: [{ key: 'SUSPICIOUS_NETWORK', values: [signal.type.split(':')[0] ?? signal.type] }],
  };
}
