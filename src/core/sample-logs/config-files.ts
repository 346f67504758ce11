import { HOUR } from '#core/sample-organization/calendar.ts';
import { accountIdOf, accounts, HOME_REGION } from '#core/sample-organization/cast-accounts.ts';
import { resources } from '#core/sample-organization/cast-resources.ts';
import { stableUuid } from '#core/sample-organization/random.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import { complianceItem, configItem, recordedAt } from './config-items.ts';
import { type Lane, type Line, laneJobs } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { type ResourceChange, resourceChanges } from './resource-changes.ts';
import { rhythms } from './rhythm.ts';
import type { FileJob } from './sample-log-file.ts';
import { sampleLogTotals } from './sample-log-totals.ts';
import { secondStamp } from './time-text.ts';

const COMPLIANCE = 'AWS::Config::ResourceCompliance';
const RULES = ['example-required-tags', 'example-approved-amis', 'example-backup-plan'];

/** What nobody has changed was last looked at in the first days. */
const FIRST_LOOK = 80 * HOUR;

/** Types that change on ordinary days, and how often. */
const WEIGHTS: Readonly<Record<string, number>> = {
  [COMPLIANCE]: 8,
  'AWS::EC2::Instance': 4,
  'AWS::EC2::SecurityGroup': 3,
  'AWS::S3::Bucket': 1,
};

type Changes = ReadonlyMap<string, readonly ResourceChange[]>;

/** Configuration history of every account, and one snapshot of each. */
export function configFiles(world: LogWorld): FileJob[] {
  const all = resourceChanges(world).sort((a, b) => a.at - b.at);
  const changes = Map.groupBy(all, ({ resource }) => resource.key);
  const snapshots = accounts.map(({ id }) => snapshotOf(world, id, changes));
  const inSnapshots = snapshots.reduce((sum, { records }) => sum + records, 0);
  const total = Math.round(sampleLogTotals.config * world.scale) - inSnapshots;
  const lanes = accounts.flatMap(({ id }) => lanesOf(world, id, changes));
  return [...laneJobs('config', total, lanes), ...snapshots.map(({ job }) => job)];
}

function lanesOf(world: LogWorld, account: string, changes: Changes): Lane[] {
  const own = resourcesOf(account);
  const types = [...new Set(own.map(({ type }) => type)), COMPLIANCE];
  return types.flatMap((type): Lane[] => {
    const ofType = type === COMPLIANCE ? own : own.filter((one) => one.type === type);
    const story = ofType.flatMap(({ key }) => (type === COMPLIANCE ? [] : historyLines(changes.get(key) ?? [])));
    const weight = WEIGHTS[type] ?? 0;
    const steady = ofType.filter(isSteady);
    if (story.length === 0 && (weight === 0 || steady.length === 0)) return [];
    return recordingTimes(world, account).map(({ from, until }): Lane => {
      const random = world.random(`config|${account}|${type}|${from}`);
      return {
        from,
        until,
        weight: steady.length === 0 ? 0 : weight,
        hoursPerFile: 96,
        rhythm: rhythms.office,
        story,
        random,
        ordinary: () => (at) => {
          const resource = random.pick(steady);
          if (type === COMPLIANCE) return complianceItem(resource, at, random.pick(RULES), random.chance(0.7));
          return configItem(resource, at, changes.get(resource.key) ?? []);
        },
        file: (slice) => ({
          key: `${folderOf(account, slice.until, 'ConfigHistory')}_${type}_${secondStamp(slice.firstAt)}_${secondStamp(slice.lastAt)}_1.json.gz`,
          content: `{"fileVersion":"1.0","configurationItems":[${slice.lines.join(',')}]}`,
          gzip: true,
        }),
      };
    });
  });
}

function historyLines(changes: readonly ResourceChange[]): Line[] {
  return changes.map((change) => {
    const at = recordedAt(change);
    return {
      at,
      text: configItem(
        change.resource,
        at,
        changes.filter((other) => other.at <= change.at),
      ),
    };
  });
}

/** The recorder of the staging account stands still for a day of the story. */
function recordingTimes(world: LogWorld, account: string): { readonly from: number; readonly until: number }[] {
  const from = world.accountStart(account);
  if (account !== accountIdOf('storefront-stg')) return [{ from, until: world.end }];
  return [
    { from, until: world.story.beat('posture/recorder-stopped').at },
    { from: world.story.beat('posture/recorder-restored').at, until: world.end },
  ];
}

function snapshotOf(
  world: LogWorld,
  account: string,
  changes: Changes,
): { readonly job: FileJob; readonly records: number } {
  const isNew = account === accountIdOf('sandbox-hackathon');
  const at = world.calendar.at(isNew ? 11 : 7, '06:00');
  const random = world.random(`config-snapshot|${account}`);
  const start = world.accountStart(account);
  const present = resourcesOf(account).filter((one) => isPresent(one, changes.get(one.key) ?? [], at));
  const id = stableUuid(`config-snapshot|${account}|${at}`);
  const build = () => {
    const items = present.map((one) => {
      const own = changes.get(one.key) ?? [];
      const last = own.filter((change) => recordedAt(change) <= at).at(-1);
      const recorded = last === undefined ? random.between(start, Math.min(start + FIRST_LOOK, at)) : recordedAt(last);
      return configItem(one, recorded, own);
    });
    return {
      key: `${folderOf(account, at, 'ConfigSnapshot')}_${secondStamp(at)}_${id}.json.gz`,
      content: `{"fileVersion":"1.0","configSnapshotId":"${id}","configurationItems":[${items.join(',')}]}`,
      gzip: true,
      source: 'config' as const,
      records: items.length,
      at,
    };
  };
  return { job: { at, build }, records: present.length };
}

/** Year, month and day of the path have no leading zeros: AWS Config writes them so. */
function folderOf(account: string, at: number, kind: 'ConfigHistory' | 'ConfigSnapshot'): string {
  const day = new Date(at);
  const path = `${day.getUTCFullYear()}/${day.getUTCMonth() + 1}/${day.getUTCDate()}`;
  return `AWSLogs/${account}/Config/${HOME_REGION}/${path}/${kind}/${account}_Config_${HOME_REGION}_${kind}`;
}

function resourcesOf(account: string): Resource[] {
  return [...resources.values()].filter(
    ({ account: owner, type }) => owner === account && type !== 'AWS::::Account' && type !== 'AWS::GuardDuty::Detector',
  );
}

/** Neither made nor ended within the fourteen days. */
function isSteady({ key, name }: Resource): boolean {
  return key !== 'user/svc-backup' && !name.startsWith('miner') && !name.startsWith('hackathon-demo');
}

function isPresent(resource: Resource, changes: readonly ResourceChange[], at: number): boolean {
  if (isSteady(resource)) return true;
  const last = changes.filter((change) => recordedAt(change) <= at).at(-1);
  return last !== undefined && last.kind !== 'deleted';
}
