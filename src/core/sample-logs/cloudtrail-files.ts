import { accountNameOf, accounts, HOME_REGION } from '#core/sample-organization/cast-accounts.ts';
import { ordinaryTrail } from './cloudtrail-ordinary.ts';
import { specialTrailFiles, trailKey } from './cloudtrail-special-files.ts';
import { trailStory } from './cloudtrail-story.ts';
import { lettersText } from './id-text.ts';
import { type Lane, laneJobs } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { rhythms } from './rhythm.ts';
import type { FileJob } from './sample-log-file.ts';
import { sampleLogTotals } from './sample-log-totals.ts';

/** How busy an account is, and how many hours of its home Region are in one file. */
const BUSY: Readonly<Record<string, readonly [weight: number, hours: number]>> = {
  'payments-prod': [22, 8],
  'storefront-prod': [22, 8],
  'data-prod': [18, 8],
  'shared-services': [8, 24],
  'log-archive': [6, 24],
  'storefront-stg': [5, 24],
  'payments-dev': [4, 24],
};

/** The organization's trail: every account in the home Region and in the Region of global services. */
export function cloudTrailFiles(world: LogWorld): FileJob[] {
  const story = Map.groupBy(trailStory(world), ({ account, region }) => `${account}|${region}`);
  const lanes = accounts.flatMap(({ id }) =>
    [HOME_REGION, 'us-east-1'].map((region): Lane => {
      const [weight, hours] = BUSY[accountNameOf(id)] ?? [3, 24];
      const isHome = region === HOME_REGION;
      const random = world.random(`cloudtrail-files|${id}|${region}`);
      return {
        from: world.accountStart(id),
        until: world.end,
        weight: isHome ? weight : weight * 0.12 + 0.4,
        hoursPerFile: isHome ? hours : 24,
        rhythm: isHome ? rhythms.machines : rhythms.office,
        story: story.get(`${id}|${region}`) ?? [],
        random,
        ordinary: () => ordinaryTrail(world, id, region),
        file: ({ until, lines }) => ({
          key: trailKey('CloudTrail', id, region, until, lettersText(random, 16)),
          content: `{"Records":[${lines.join(',')}]}`,
          gzip: true,
        }),
      };
    }),
  );
  const special = specialTrailFiles(world);
  const total = Math.round(sampleLogTotals.cloudtrail * world.scale) - special.records;
  return [...laneJobs('cloudtrail', total, lanes), ...special.jobs];
}
