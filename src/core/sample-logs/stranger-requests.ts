import { MINUTE, SECOND } from '#core/sample-organization/calendar.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import { resourceOf } from '#core/sample-organization/cast-resources.ts';
import { capitalsText } from './id-text.ts';
import type { LogWorld } from './log-world.ts';

/** A request of somebody who has not signed in to the bucket that stood open; two logs have it. */
export type StrangerRequest = {
  readonly at: number;
  readonly ip: string;
  readonly agent: string;
  readonly requestId: string;
  /** Null lists the bucket. */
  readonly key: string | null;
  readonly bytes: number;
  readonly isDenied: boolean;
};

export const openBucket = resourceOf('bucket/example-data-exports');

const KEYS = [
  'exports/2026/partners.csv',
  'exports/2026/orders-2026-10.csv',
  'exports/2026/refunds-2026-10.csv',
  'exports/readme.txt',
];

/** What strangers read while the bucket was open, and what they tried afterwards. */
export function strangerRequests(world: LogWorld): StrangerRequest[] {
  const random = world.random('strangers');
  const beat = world.story.beat('public-bucket/read-by-strangers');
  const closed = world.story.beat('public-bucket/made-private').at;
  const readers = [
    { ip: remoteHost('stranger-1').ip, agent: 'python-requests/2.32.3', from: beat.at, until: beat.until, count: 190 },
    {
      ip: remoteHost('stranger-2').ip,
      agent: 'ExampleBot/2.1 (+https://bot.example.org)',
      from: beat.at + 20 * MINUTE,
      until: beat.until,
      count: 50,
    },
    {
      ip: remoteHost('stranger-1').ip,
      agent: 'python-requests/2.32.3',
      from: closed + MINUTE,
      until: closed + 90 * MINUTE,
      count: 18,
    },
  ];
  return readers.flatMap(({ ip, agent, from, until, count }) =>
    Array.from({ length: count }, (_, index): StrangerRequest => {
      const at = from + Math.floor((index * (until - from)) / count) + random.between(0, 20) * SECOND;
      const key = index % 12 === 0 ? null : random.pick(KEYS);
      const bytes = key === null ? 4096 : random.between(12_000, 8_000_000);
      return { at, ip, agent, requestId: capitalsText(random, 16), key, bytes, isDenied: at > closed };
    }),
  );
}
