import { remoteHost } from '#core/sample-organization/cast-network.ts';
import { principal } from '#core/sample-organization/cast-principals.ts';
import { resourceOf } from '#core/sample-organization/cast-resources.ts';
import type { Random } from '#core/sample-organization/random.ts';
import { stableHex } from '#core/sample-organization/random.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import { natAddressOf } from './flow-interfaces.ts';
import { capitalsText, lettersText } from './id-text.ts';
import { type Lane, type Line, laneJobs } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { customers } from './remote-addresses.ts';
import { type Rhythm, rhythms } from './rhythm.ts';
import type { FileJob } from './sample-log-file.ts';
import { sampleLogTotals } from './sample-log-totals.ts';
import { sessionArnOf } from './session.ts';
import { openBucket, strangerRequests } from './stranger-requests.ts';
import { dashedStamp, dayPath, webTime } from './time-text.ts';

type Reader = {
  /** `-` for nobody in particular. */
  readonly requester: string;
  readonly ips: readonly string[];
  readonly agent: string;
  readonly keys: readonly string[];
  /** Share of its requests that write. */
  readonly writes: number;
};

type Logged = { readonly bucket: Resource; readonly weight: number; readonly rhythm: Rhythm; readonly reader: Reader };

const BOTO = 'Boto3/1.35.60 md/Botocore#1.35.60 ua/2.0 os/linux#6.1.112 lang/python#3.12.6';

/** Server access logs of the buckets that have them, as Amazon S3 delivers them: plain text. */
export function s3AccessFiles(world: LogWorld): FileJob[] {
  const lanes = loggedBuckets().map(({ bucket, weight, rhythm, reader }): Lane => {
    const random = world.random(`s3-access-files|${bucket.name}`);
    return {
      from: world.start,
      until: world.end,
      weight,
      hoursPerFile: 24,
      rhythm,
      story: bucket === openBucket ? openBucketStory(world) : [],
      random,
      ordinary: () => ordinaryRequests(world, bucket, reader),
      file: ({ until, lines }) => ({
        key: `s3-access-logs/${bucket.account}/${bucket.region}/${bucket.name}/${dayPath(until)}/${dashedStamp(until)}-${capitalsText(random, 16)}`,
        content: `${lines.join('\n')}\n`,
        gzip: false,
      }),
    };
  });
  return laneJobs('s3-access', Math.round(sampleLogTotals['s3-access'] * world.scale), lanes);
}

function loggedBuckets(): Logged[] {
  const receipts = principal('receipts-sync');
  const airflow = principal('data-airflow-instance');
  const airflowReader = { requester: sessionArnOf(airflow), ips: [natAddressOf(airflow.account)], agent: BOTO };
  const shoppers = { requester: 'svc:cloudfront.amazonaws.com', ips: customers, agent: 'Amazon CloudFront' };
  return [
    {
      bucket: resourceOf('bucket/example-payments-receipts'),
      weight: 3,
      rhythm: rhythms.machines,
      reader: {
        requester: receipts.arn,
        ips: [remoteHost('office-tokyo').ip],
        agent: 'aws-cli/2.19.5',
        keys: ['2026/11/receipt-10001.pdf', '2026/11/receipt-10002.pdf', '2026/11/index.json'],
        writes: 0.4,
      },
    },
    {
      bucket: resourceOf('bucket/example-storefront-assets'),
      weight: 6,
      rhythm: rhythms.shoppers,
      reader: {
        ...shoppers,
        keys: [
          'assets/app.js',
          'assets/app.css',
          'images/10482.webp',
          'images/22017.webp',
          'images/%E6%A9%9F%E7%A8%AE.webp',
        ],
        writes: 0,
      },
    },
    {
      bucket: resourceOf('bucket/example-storefront-uploads'),
      weight: 2,
      rhythm: rhythms.shoppers,
      reader: { ...shoppers, keys: ['contact/inquiries.xlsx', 'avatars/4021.png', 'avatars/9917.png'], writes: 0.3 },
    },
    {
      bucket: resourceOf('bucket/example-data-lake-raw'),
      weight: 3,
      rhythm: rhythms.machines,
      reader: {
        ...airflowReader,
        keys: ['raw/orders/part-0001.json', 'raw/signups/part-0007.json', 'raw/clicks/part-0113.json'],
        writes: 0.5,
      },
    },
    {
      bucket: openBucket,
      weight: 1,
      rhythm: rhythms.machines,
      reader: { ...airflowReader, keys: ['exports/2026/partners.csv', 'exports/2026/orders-2026-10.csv'], writes: 0.6 },
    },
  ];
}

function ordinaryRequests(world: LogWorld, bucket: Resource, reader: Reader): (at: number) => string {
  const random = world.random(`s3-access|${bucket.name}`);
  return (at) => {
    const isWrite = random.chance(reader.writes);
    const isMissing = !isWrite && random.chance(0.02);
    return requestText(random, bucket, {
      at,
      ip: random.pick(reader.ips),
      requester: reader.requester,
      requestId: capitalsText(random, 16),
      operation: isWrite ? 'REST.PUT.OBJECT' : 'REST.GET.OBJECT',
      key: random.pick(reader.keys),
      request: isWrite ? 'PUT' : 'GET',
      status: isMissing ? '404 NoSuchKey' : '200 -',
      bytes: isWrite ? '-' : String(random.between(800, 400_000)),
      agent: reader.agent,
    });
  };
}

function openBucketStory(world: LogWorld): Line[] {
  const random = world.random('s3-access-story');
  const engineer = principal('tanaka-kenji@data-prod');
  const changes = ['public-bucket/made-public', 'public-bucket/made-private'].flatMap((id) => {
    const { calls } = world.story.beat(id);
    return calls.map(({ at, eventName }): Line => {
      const part = eventName.includes('Policy') ? 'BUCKETPOLICY' : 'PUBLIC_ACCESS_BLOCK';
      const verb = eventName.startsWith('Delete') ? 'DELETE' : 'PUT';
      const text = requestText(random, openBucket, {
        at,
        ip: remoteHost('office-osaka').ip,
        requester: sessionArnOf(engineer),
        requestId: capitalsText(random, 16),
        operation: `REST.${verb}.${part}`,
        key: '-',
        request: verb,
        status: verb === 'DELETE' ? '204 -' : '200 -',
        bytes: '-',
        agent: 'S3Console/0.4, aws-internal/3',
      });
      return { at, text };
    });
  });
  const reads = strangerRequests(world).map((request): Line => {
    const text = requestText(random, openBucket, {
      ...request,
      requester: '-',
      operation: request.key === null ? 'REST.GET.BUCKET' : 'REST.GET.OBJECT',
      key: request.key ?? '-',
      request: 'GET',
      status: request.isDenied ? '403 AccessDenied' : '200 -',
      bytes: String(request.isDenied ? 243 : request.bytes),
    });
    return { at: request.at, text };
  });
  return [...changes, ...reads];
}

type Request = {
  readonly at: number;
  readonly ip: string;
  readonly requester: string;
  readonly requestId: string;
  readonly operation: string;
  readonly key: string;
  readonly request: string;
  readonly status: string;
  readonly bytes: string;
  readonly agent: string;
};

function requestText(random: Random, bucket: Resource, entry: Request): string {
  const host = `${bucket.name}.s3.${bucket.region}.amazonaws.com`;
  const uri = entry.key === '-' ? '/' : `/${entry.key}`;
  const isSigned = entry.requester !== '-';
  const signed = isSigned ? 'SigV4' : '-';
  const how = isSigned ? 'AuthHeader' : '-';
  const took = random.between(8, 190);
  return `${ownerOf(bucket)} ${bucket.name} [${webTime(entry.at)}] ${entry.ip} ${entry.requester} ${entry.requestId} ${entry.operation} ${entry.key} "${entry.request} ${uri} HTTP/1.1" ${entry.status} ${entry.bytes} ${entry.bytes} ${took} ${took - 6} "-" "${entry.agent}" - ${lettersText(random, 55)}= ${signed} TLS_AES_128_GCM_SHA256 ${how} ${host} TLSv1.3 - -`;
}

const owners = new Map<string, string>();

function ownerOf({ account }: Resource): string {
  const known = owners.get(account) ?? stableHex(`canonical-user|${account}`, 64);
  owners.set(account, known);
  return known;
}
