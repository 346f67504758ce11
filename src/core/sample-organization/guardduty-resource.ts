import { isoSeconds } from './calendar.ts';
import type { Instance } from './cast-instances.ts';
import type { Principal } from './cast-principals.ts';
import type { Detection } from './detection.ts';
import { BEFORE_THE_STORY } from './launch.ts';
import { stableHex } from './random.ts';
import type { Resource } from './resource.ts';
import type { JsonObject } from './types.ts';

/** The `resource` part of a GuardDuty finding. */
export function guardDutyResource(detection: Detection): JsonObject {
  const { target } = detection;
  switch (target.kind) {
    case 'instance':
      return { resourceType: 'Instance', instanceDetails: instanceDetails(target.instance, target.launchedAt) };
    case 'access-key':
      return { resourceType: 'AccessKey', accessKeyDetails: accessKeyDetails(target.principal) };
    case 'bucket':
      return { resourceType: 'S3Bucket', s3BucketDetails: [bucketDetails(target.bucket, target.isPublic)] };
    case 'eks':
      return {
        resourceType: 'EKSCluster',
        eksClusterDetails: {
          name: target.cluster.name,
          arn: target.cluster.arn,
          createdAt: BEFORE_THE_STORY / 1000,
          status: 'ACTIVE',
          tags: [],
        },
        kubernetesDetails: {
          kubernetesUserDetails: { username: target.user, uid: 'N/A', groups: ['system:authenticated'] },
        },
      };
    case 'attack-sequence':
      return { resourceType: 'AttackSequence' };
  }
}

type AccessKeyDetails = {
  readonly accessKeyId: string;
  readonly principalId: string;
  readonly userType: string;
  readonly userName: string;
};

/** What an access key finding says of its user. */
export function accessKeyDetails(principal: Principal): AccessKeyDetails {
  const userTypes = {
    'iam-user': 'IAMUser',
    root: 'Root',
    'person-session': 'AssumedRole',
    'service-role': 'AssumedRole',
  } as const;
  return {
    accessKeyId: principal.accessKeyId,
    principalId: principal.principalId,
    userType: userTypes[principal.kind],
    userName: principal.name,
  };
}

function instanceDetails(instance: Instance, launchedAt: number): JsonObject {
  const group = { groupName: instance.securityGroup.name, groupId: instance.securityGroup.id };
  const privateDnsName = `ip-${instance.privateIp.replaceAll('.', '-')}.${instance.region}.compute.internal`;
  return {
    instanceId: instance.id,
    instanceType: instance.instanceType,
    launchTime: isoSeconds(launchedAt),
    platform: null,
    productCodes: [],
    iamInstanceProfile:
      instance.role === null
        ? null
        : { arn: `arn:aws:iam::${instance.account}:instance-profile/${instance.role}`, id: instance.role },
    networkInterfaces: [
      {
        networkInterfaceId: instance.interfaceId,
        privateDnsName,
        privateIpAddress: instance.privateIp,
        privateIpAddresses: [{ privateDnsName, privateIpAddress: instance.privateIp }],
        subnetId: instance.subnetId,
        vpcId: instance.vpcId,
        securityGroups: [group],
        publicDnsName: '',
        ...(instance.publicIp === null ? {} : { publicIp: instance.publicIp }),
        ipv6Addresses: [],
      },
    ],
    outpostArn: null,
    tags: Object.entries(instance.tags).map(([key, value]) => ({ key, value })),
    instanceState: 'running',
    availabilityZone: `${instance.region}a`,
    imageId: instance.imageId,
    imageDescription: 'Amazon Linux 2023',
  };
}

function bucketDetails(bucket: Resource, isPublic: boolean): JsonObject {
  const blocked = {
    ignorePublicAcls: !isPublic,
    restrictPublicBuckets: !isPublic,
    blockPublicAcls: !isPublic,
    blockPublicPolicy: !isPublic,
  };
  return {
    arn: bucket.arn,
    name: bucket.name,
    type: 'Destination',
    createdAt: BEFORE_THE_STORY / 1000,
    owner: { id: stableHex(`canonical|${bucket.account}`, 64) },
    tags: [],
    defaultServerSideEncryption: { encryptionType: 'SSEAlgorithm', kmsMasterKeyArn: null },
    publicAccess: {
      permissionConfiguration: {
        bucketLevelPermissions: {
          accessControlList: { allowsPublicReadAccess: false, allowsPublicWriteAccess: false },
          bucketPolicy: { allowsPublicReadAccess: isPublic, allowsPublicWriteAccess: false },
          blockPublicAccess: blocked,
        },
        accountLevelPermissions: {
          blockPublicAccess: {
            ignorePublicAcls: false,
            restrictPublicBuckets: false,
            blockPublicAcls: false,
            blockPublicPolicy: false,
          },
        },
      },
      effectivePermission: isPublic ? 'PUBLIC' : 'NOT_PUBLIC',
    },
  };
}
