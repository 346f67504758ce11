import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** mulberry32: the same logs for the same seed, and no short cycle. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const account = '111122223333';
const region = 'ap-northeast-1';
const start = Date.UTC(2026, 8, 21);
const operations = [
  ['ec2', 'DescribeInstances', true],
  ['s3', 'GetBucketAcl', true],
  ['iam', 'CreateUser', false],
  ['sts', 'AssumeRole', false],
  ['ec2', 'RunInstances', false],
  ['kms', 'Decrypt', true],
  ['lambda', 'GetFunction20150331v2', true],
  ['logs', 'CreateLogStream', false],
  ['signin', 'ConsoleLogin', false],
  ['ec2', 'AuthorizeSecurityGroupIngress', false],
] as const;
const agents = [
  'aws-cli/2.15.0 Python/3.11.6 Linux/5.10',
  'Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0',
  'APN/1.0 HashiCorp/1.0 Terraform/1.7.0',
];

/** CloudTrail files of `each` records; gives the bytes of their JSON. */
export function writeCloudTrail(folder: string, records: number, each: number): number {
  const random = seeded(1);
  let bytes = 0;
  for (let file = 0; file < records / each; file += 1) {
    const content = JSON.stringify({ Records: Array.from({ length: each }, () => cloudTrailRecord(random, file)) });
    bytes += content.length;
    const name = `${account}_CloudTrail_${region}_20260921T0000Z_${String(file).padStart(16, '0')}.json.gz`;
    put(join(folder, 'AWSLogs', account, 'CloudTrail', region, '2026/09/21', name), gzipSync(content));
  }
  return bytes;
}

function cloudTrailRecord(random: () => number, file: number): object {
  const hex = (length: number): string =>
    Array.from({ length: Math.ceil(length / 8) }, () =>
      Math.floor(random() * 0xffff_ffff)
        .toString(16)
        .padStart(8, '0'),
    )
      .join('')
      .slice(0, length);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] ?? (list[0] as T); // lists are never empty
  const [service, name, readOnly] = pick(operations);
  const role = pick(['Admin', 'Deploy', 'ReadOnly', `App${Math.floor(random() * 40)}`]);
  const time = `${new Date(start + file * 300_000 + Math.floor(random() * 300_000)).toISOString().slice(0, 19)}Z`;
  const session = `sess${Math.floor(random() * 100)}`;
  return {
    eventVersion: '1.09',
    userIdentity: identityOf(hex, role, time, session),
    eventTime: time,
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: `203.0.113.${Math.floor(random() * 255)}`,
    userAgent: pick(agents),
    requestParameters: readOnly
      ? {
          maxResults: Math.floor(random() * 100),
          filterSet: { items: [{ name: 'tag:Name', valueSet: { items: [{ value: hex(12) }] } }] },
        }
      : {
          groupId: `sg-${hex(17)}`,
          ipPermissions: {
            items: [
              { ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '203.0.113.0/24' }] } },
            ],
          },
        },
    responseElements: readOnly
      ? null
      : {
          requestId: hex(32),
          _return: true,
          securityGroupRuleSet: {
            items: [{ groupOwnerId: account, securityGroupRuleId: `sgr-${hex(17)}`, isEgress: false }],
          },
        },
    requestID: hex(32),
    eventID: hex(32),
    readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    ...(random() < 0.3
      ? { resources: [{ accountId: account, type: 'AWS::IAM::Role', ARN: `arn:aws:iam::${account}:role/${role}` }] }
      : {}),
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${service}.${region}.amazonaws.com`,
    },
  };
}

function identityOf(hex: (length: number) => string, role: string, time: string, session: string): object {
  return {
    type: 'AssumedRole',
    principalId: `AROA${hex(16).toUpperCase()}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    accessKeyId: `ASIA${hex(16).toUpperCase()}`,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: `AROA${hex(16)}`,
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: time, mfaAuthenticated: 'false' },
    },
  };
}

const flowHeader =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path';

/** VPC flow log files of version 5 with `each` records; gives their uncompressed bytes. */
export function writeFlows(folder: string, records: number, each: number): number {
  const random = seeded(2);
  const below = (limit: number): number => Math.floor(random() * limit);
  let bytes = 0;
  for (let file = 0; file < records / each; file += 1) {
    const lines = Array.from({ length: each }, () => {
      const from = `192.0.2.${below(250)}`;
      const to = `198.51.100.${below(250)}`;
      const begun = start / 1000 + file * 60 + below(60);
      return `5 ${account} eni-${below(400).toString(16).padStart(17, '0')} ${from} ${to} ${1024 + below(60_000)} ${[22, 80, 443, 3389][below(4)]} 6 ${below(1000)} ${below(900_000)} ${begun} ${begun + 60} ${below(10) < 8 ? 'ACCEPT' : 'REJECT'} OK vpc-0a1b2c3d subnet-0a1b2c3d i-0a1b2c3d 19 IPv4 ${from} ${to} ${region} apne1-az4 - - - - ${below(2) === 0 ? 'ingress' : 'egress'} -`;
    });
    const content = `${[flowHeader, ...lines].join('\n')}\n`;
    bytes += content.length;
    const name = `${account}_vpcflowlogs_${region}_fl-0a1b2c3d_20260921T0000Z_${String(file).padStart(8, '0')}.log.gz`;
    put(join(folder, 'AWSLogs', account, 'vpcflowlogs', region, '2026/09/21', name), gzipSync(content));
  }
  return bytes;
}

function put(path: string, content: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
