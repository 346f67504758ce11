import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { DAY } from '#core/sample-organization/calendar.ts';
import { accounts } from '#core/sample-organization/cast-accounts.ts';
import { readBack } from './read-back.ts';
import type { SampleLogSource } from './sample-log-file.ts';
import { type SampleLogOptions, sampleLogFiles } from './sample-log-files.ts';
import { sampleLogTotals } from './sample-log-totals.ts';

const END = Date.UTC(2026, 10, 24);
const DAY_PATH = String.raw`\d{4}/\d\d/\d\d`;
const STAMP = String.raw`\d{8}T\d{4}Z`;

const layouts: Readonly<Record<SampleLogSource, RegExp>> = {
  cloudtrail: new RegExp(
    `^AWSLogs/o-exampleorg01/(\\d{12})/(CloudTrail|CloudTrail-Insight|CloudTrail-NetworkActivity)/([a-z]+-[a-z]+-\\d)/${DAY_PATH}/\\1_\\2_\\3_${STAMP}_[A-Za-z0-9]{16}\\.json\\.gz$`,
  ),
  'vpc-flow': new RegExp(
    `^AWSLogs/(\\d{12})/vpcflowlogs/ap-northeast-1/${DAY_PATH}/\\1_vpcflowlogs_ap-northeast-1_fl-[0-9a-f]{17}_${STAMP}_[0-9a-f]{8}\\.log\\.gz$`,
  ),
  'route53-resolver': new RegExp(
    `^AWSLogs/(\\d{12})/vpcdnsquerylogs/(vpc-[0-9a-f]{17})/${DAY_PATH}/\\1_vpcdnsquerylogs_\\2_${STAMP}_[0-9a-f]{8}\\.log\\.gz$`,
  ),
  waf: new RegExp(
    `^AWSLogs/(\\d{12})/WAFLogs/ap-northeast-1/storefront-public/${DAY_PATH}/\\d\\d/\\d\\d/\\1_waflogs_ap-northeast-1_storefront-public_${STAMP}_[0-9a-f]{8}\\.log\\.gz$`,
  ),
  alb: new RegExp(
    `^AWSLogs/(\\d{12})/elasticloadbalancing/ap-northeast-1/${DAY_PATH}/\\1_elasticloadbalancing_ap-northeast-1_app\\.[a-z-]+\\.[0-9a-f]{16}_${STAMP}_192\\.0\\.2\\.\\d+_[A-Za-z0-9]{8}\\.log\\.gz$`,
  ),
  's3-access': new RegExp(
    `^s3-access-logs/(\\d{12})/ap-northeast-1/[a-z-]+/${DAY_PATH}/\\d{4}(?:-\\d\\d){5}-[0-9A-Z]{16}$`,
  ),
  'eks-audit': new RegExp(
    `^eks-audit/${DAY_PATH}/\\d\\d/example-eks-audit-to-s3-1-\\d{4}(?:-\\d\\d){5}-[0-9a-f-]{36}\\.gz$`,
  ),
  config:
    /^AWSLogs\/(\d{12})\/Config\/ap-northeast-1\/\d{4}\/[1-9]\d?\/[1-9]\d?\/(ConfigHistory|ConfigSnapshot)\/\1_Config_ap-northeast-1_\2_(?:AWS::\w+::\w+_\d{8}T\d{6}Z_\d{8}T\d{6}Z_1|\d{8}T\d{6}Z_[0-9a-f-]{36})\.json\.gz$/,
  'linux-auth': /^onprem\/linux\/secure-\d{8}\.log$/,
  fortigate: /^onprem\/fortigate\/fgt-(?:tokyo|osaka)-1-\d{8}\.log$/,
};

const EXAMPLE_ADDRESS = /^(?:192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|10\.|192\.168\.|169\.254\.169\.123$|0\.0\.0\.0$)/;

type Summary = {
  readonly files: number;
  readonly records: Record<string, number>;
  readonly claimed: Record<string, number>;
  readonly wrongKeys: string[];
  readonly outside: string[];
  readonly keys: Set<string>;
  readonly deliveries: number[];
  readonly accounts: Set<string>;
};

function summarize(options: SampleLogOptions): Summary {
  const found = {
    files: 0,
    records: {} as Record<string, number>,
    claimed: {} as Record<string, number>,
    wrongKeys: [] as string[],
    outside: [] as string[],
    keys: new Set<string>(),
    deliveries: [] as number[],
    accounts: new Set<string>(),
  };
  for (const file of sampleLogFiles(options)) {
    const records = readBack(file);
    const match = layouts[file.source].exec(file.key);
    if (match === null) found.wrongKeys.push(file.key);
    if (match?.[1] !== undefined) found.accounts.add(match[1]);
    const { end } = options;
    const early = records.filter(({ at }) => !(at >= Math.floor((end - 14 * DAY) / 1000) * 1000 && at < end));
    if (early.length > 0) found.outside.push(`${file.key}: ${early.length}`);
    found.files += 1;
    found.records[file.source] = (found.records[file.source] ?? 0) + records.length;
    found.claimed[file.source] = (found.claimed[file.source] ?? 0) + file.records;
    found.keys.add(file.key);
    found.deliveries.push(file.at);
  }
  return found;
}

function digest(options: SampleLogOptions): string {
  const hash = createHash('sha256');
  for (const { key, content, gzip } of sampleLogFiles(options)) hash.update(`${key}|${gzip}|`).update(content);
  return hash.digest('hex');
}

describe('the logs of the sample organization', () => {
  let whole: Summary;

  beforeAll(() => {
    whole = summarize({ seed: 20, end: END, days: 14 });
  }, 120_000);

  it('have exactly the promised number of records of each source', () => {
    expect(whole.records).toEqual(sampleLogTotals);
    expect(whole.claimed).toEqual(sampleLogTotals);
  });

  it('come in a few hundred to 1,500 files, each with a key of its own', () => {
    expect(whole.files).toBeGreaterThan(500);
    expect(whole.files).toBeLessThan(1500);
    expect(whole.keys.size).toBe(whole.files);
  });

  it('lie where their sources would put them', () => {
    expect(whole.wrongKeys).toEqual([]);
  });

  it('belong to accounts of the organization, each of which writes some', () => {
    expect([...whole.accounts].sort()).toEqual(accounts.map(({ id }) => id).sort());
  });

  it('tell of nothing outside the fourteen days', () => {
    expect(whole.outside).toEqual([]);
  });

  it('are delivered in the order of time', () => {
    expect(whole.deliveries).toEqual(whole.deliveries.toSorted((a, b) => a - b));
    expect(whole.deliveries.at(-1)).toBe(END);
  });
});

describe('a smaller set of logs', () => {
  const small = { seed: 20, end: END, days: 14, scale: 0.02 } as const;

  it('is the same for the same seed, and another for another', () => {
    expect(digest(small)).toBe(digest(small));
    expect(digest(small)).not.toBe(digest({ ...small, seed: 21 }));
  });

  it.each([Date.UTC(2026, 10, 17, 6, 41, 13), Date.UTC(2027, 0, 5)])('keeps to its days when they end at %i', (end) => {
    const found = summarize({ ...small, scale: 1 / 3, end });

    expect(found.outside).toEqual([]);
    expect(found.wrongKeys).toEqual([]);
  });

  it('has as many records as the scale says where the story leaves room', () => {
    const { records } = summarize(small);

    expect(records['waf']).toBe(300);
    expect(records['alb']).toBe(500);
    expect(records['route53-resolver']).toBe(800);
    // The story alone has more.
    expect(records['vpc-flow']).toBeGreaterThan(5200);
  });

  it('names example accounts and addresses only', () => {
    const known = new Set<string>(accounts.map(({ id }) => id));
    const strange = new Set<string>();
    for (const { content } of sampleLogFiles(small)) {
      const text = String(content);
      for (const [id] of text.matchAll(/(?<=:|"|\/| )\d{12}(?=:|"|\/| )/g)) if (!known.has(id)) strange.add(id);
      for (const [ip] of text.matchAll(/(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.-])/g)) {
        if (!EXAMPLE_ADDRESS.test(ip)) strange.add(ip);
      }
    }

    // Versions of browsers look like addresses.
    expect([...strange].filter((one) => !one.startsWith('142.0.0.'))).toEqual([]);
  });

  it('is compressed only where the source compresses', () => {
    const plain = new Set([...sampleLogFiles(small)].filter(({ gzip }) => !gzip).map(({ source }) => source));

    expect([...plain].sort()).toEqual(['fortigate', 'linux-auth', 's3-access']);
  });
});
