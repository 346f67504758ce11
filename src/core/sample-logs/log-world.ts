import { accounts } from '#core/sample-organization/cast-accounts.ts';
import { instances } from '#core/sample-organization/cast-instances.ts';
import type { Detection } from '#core/sample-organization/detection.ts';
import { noiseDetections } from '#core/sample-organization/detections-noise.ts';
import { storyDetections } from '#core/sample-organization/detections-story.ts';
import { launchedAt } from '#core/sample-organization/launch.ts';
import { createWorld, type World } from '#core/sample-organization/world.ts';

/** What every log is written from: the story and what GuardDuty saw of it. */
export type LogWorld = World & {
  readonly start: number;
  readonly end: number;
  readonly scale: number;
  /** Findings behind which there is real activity; samples are left out. */
  readonly detections: readonly Detection[];
  /** From when on the account exists. */
  accountStart(account: string): number;
  /** From when on something runs in the network of the account. */
  networkStart(account: string): number;
};

/** The world of the fourteen days that end at `end`. */
export function createLogWorld(seed: number, end: number, scale: number): LogWorld {
  const world = createWorld(seed, end);
  const { calendar, story } = world;
  const detections = [...storyDetections(world), ...noiseDetections(world)].filter((one) => one.sample !== true);
  const accountStarts = new Map(
    accounts.map(({ id, name }) => [
      id,
      name === 'sandbox-hackathon' ? story.beat('unowned-account/created').until : calendar.start,
    ]),
  );
  const accountStart = (account: string) => accountStarts.get(account) ?? calendar.start;
  return {
    ...world,
    start: calendar.start,
    end: calendar.end,
    scale,
    detections,
    accountStart,
    networkStart: (account) => {
      const launches = instances.filter((one) => one.account === account).map((one) => launchedAt(story, one));
      return Math.max(accountStart(account), Math.min(...launches));
    },
  };
}
