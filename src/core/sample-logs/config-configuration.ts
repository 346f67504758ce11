import { instances, networks, securityGroups } from '#core/sample-organization/cast-instances.ts';
import { principals } from '#core/sample-organization/cast-principals.ts';
import { stableHex } from '#core/sample-organization/random.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import type { Json, JsonObject } from '#core/sample-organization/types.ts';

/** What AWS Config has of a resource, before anybody changes it in the fourteen days. */
export function configurationOf(resource: Resource): JsonObject {
  return SHAPES[resource.type]?.(resource) ?? { name: resource.name, arn: resource.arn };
}

/** AWS Config's own id of a resource, which is not always the id that other services use. */
export function configIdOf(resource: Resource): string {
  switch (resource.type) {
    case 'AWS::IAM::User':
    case 'AWS::IAM::Role':
      return principals.find(({ arn }) => arn === resource.arn)?.principalId.split(':')[0] ?? resource.id;
    case 'AWS::RDS::DBInstance':
      return `db-${stableHex(`dbi|${resource.name}`, 26).toUpperCase()}`;
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
    case 'AWS::SNS::Topic':
      return resource.arn;
    case 'AWS::SQS::Queue':
      return `https://sqs.${resource.region}.amazonaws.com/${resource.account}/${resource.name}`;
    default:
      return resource.id;
  }
}

const SHAPES: Readonly<Record<string, (resource: Resource) => JsonObject>> = {
  'AWS::EC2::Instance': ({ key, tags }) => {
    const one = instances.find((candidate) => candidate.key === key);
    return {
      instanceId: one?.id ?? '',
      instanceType: one?.instanceType ?? '',
      imageId: one?.imageId ?? '',
      privateIpAddress: one?.privateIp ?? '',
      publicIpAddress: one?.publicIp ?? null,
      state: { code: 16, name: 'running' },
      subnetId: one?.subnetId ?? '',
      vpcId: one?.vpcId ?? '',
      securityGroups: [{ groupId: one?.securityGroup.id ?? '', groupName: one?.securityGroup.name ?? '' }],
      networkInterfaces: [{ networkInterfaceId: one?.interfaceId ?? '' }],
      metadataOptions: { httpTokens: 'optional', httpEndpoint: 'enabled' },
      tags: tagList(tags),
    };
  },
  'AWS::EC2::SecurityGroup': (resource) => ({
    groupId: resource.id,
    groupName: resource.name,
    ownerId: resource.account,
    vpcId: networks.find(({ account }) => account === resource.account)?.vpc.id ?? '',
    ipPermissions: permissionsOf(securityGroups.find(({ key }) => key === resource.key)?.ingress ?? []),
    ipPermissionsEgress: [{ ipProtocol: '-1', ipv4Ranges: [{ cidrIp: '0.0.0.0/0' }] }],
  }),
  'AWS::EC2::Volume': ({ id, name }) => ({
    volumeId: id,
    size: 50,
    volumeType: 'gp3',
    state: { value: 'in-use' },
    encrypted: false,
    tags: [{ key: 'Name', value: name }],
  }),
  'AWS::EC2::VPC': ({ id, account }) => ({
    vpcId: id,
    cidrBlock: networks.find((home) => home.account === account)?.cidr ?? '',
    state: 'available',
    isDefault: false,
  }),
  'AWS::EC2::Subnet': ({ id, name }) => ({
    subnetId: id,
    mapPublicIpOnLaunch: name.includes('public'),
    state: 'available',
  }),
  'AWS::S3::Bucket': ({ name, account }) => ({
    name,
    owner: { displayName: null, id: stableHex(`canonical-user|${account}`, 64) },
    creationDate: '2024-04-02T02:30:00.000Z',
  }),
  'AWS::RDS::DBInstance': ({ name, arn }) => ({
    dBInstanceIdentifier: name,
    dBInstanceArn: arn,
    dBInstanceClass: 'db.m7g.large',
    engine: 'postgres',
    engineVersion: '16.4',
    dBInstanceStatus: 'available',
    publiclyAccessible: false,
    storageEncrypted: true,
    multiAZ: false,
    monitoringInterval: 0,
    deletionProtection: false,
    autoMinorVersionUpgrade: true,
  }),
  'AWS::Lambda::Function': ({ name, arn }) => ({
    functionName: name,
    functionArn: arn,
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    memorySize: 512,
    timeout: 30,
    state: { value: 'Active' },
  }),
  'AWS::IAM::User': ({ name, arn }) => ({
    userName: name,
    arn,
    path: '/',
    attachedManagedPolicies: [],
    userPolicyList: null,
    groupList: [],
  }),
  'AWS::IAM::Role': ({ name, arn }) => ({ roleName: name, arn, path: '/', attachedManagedPolicies: [] }),
  'AWS::KMS::Key': ({ id, arn }) => ({ keyId: id, arn, enabled: true, keyState: 'Enabled', keyRotationEnabled: false }),
  'AWS::DynamoDB::Table': ({ name, arn }) => ({
    tableName: name,
    tableArn: arn,
    tableStatus: 'ACTIVE',
    deletionProtectionEnabled: false,
  }),
  'AWS::EKS::Cluster': ({ name, arn }) => ({
    Name: name,
    Arn: arn,
    Version: '1.30',
    ResourcesVpcConfig: { EndpointPublicAccess: true },
  }),
  'AWS::ECR::Repository': ({ name, arn }) => ({
    RepositoryName: name,
    Arn: arn,
    ImageTagMutability: 'MUTABLE',
    ImageScanningConfiguration: { ScanOnPush: false },
  }),
};

/** What a control's fix and fault leave in the configuration: its name, the good value and the bad one. */
export const controlTraces: Readonly<Record<string, readonly [attribute: string, good: Json, bad: Json]>> = {
  'RDS.2': ['publiclyAccessible', false, true],
  'RDS.5': ['multiAZ', true, false],
  'RDS.6': ['monitoringInterval', 60, 0],
  'RDS.8': ['deletionProtection', true, false],
  'RDS.13': ['autoMinorVersionUpgrade', true, false],
  'EC2.3': ['encrypted', true, false],
  'EC2.8': ['metadataOptions', { httpTokens: 'required' }, { httpTokens: 'optional' }],
  'EC2.15': ['mapPublicIpOnLaunch', false, true],
  'DynamoDB.6': ['deletionProtectionEnabled', true, false],
  'ECR.1': ['ImageScanningConfiguration', { ScanOnPush: true }, { ScanOnPush: false }],
  'ECR.2': ['ImageTagMutability', 'IMMUTABLE', 'MUTABLE'],
  'EKS.1': ['ResourcesVpcConfig', { EndpointPublicAccess: false }, { EndpointPublicAccess: true }],
  'KMS.4': ['keyRotationEnabled', true, false],
  'Lambda.2': ['runtime', 'nodejs22.x', 'nodejs16.x'],
};

/** Permissions of a security group as AWS Config writes them. */
export function permissionsOf(
  rules: readonly { readonly from: number; readonly to: number; readonly source: string }[],
): JsonObject[] {
  return rules.map(({ from, to, source }) => ({
    fromPort: from,
    toPort: to,
    ipProtocol: 'tcp',
    ipv4Ranges: [{ cidrIp: source }],
    ipRanges: [source],
    userIdGroupPairs: [],
  }));
}

function tagList(tags: Readonly<Record<string, string>>): JsonObject[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
