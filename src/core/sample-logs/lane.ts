import { HOUR } from '#core/sample-organization/calendar.ts';
import type { Random } from '#core/sample-organization/random.ts';
import { createActivity, type Rhythm } from './rhythm.ts';
import type { FileJob, SampleLogSource } from './sample-log-file.ts';

/** One record as its file has it. */
export type Line = { readonly at: number; readonly text: string };

/** What goes into one file, in the order of time. */
export type Slice = {
  readonly from: number;
  readonly until: number;
  readonly lines: readonly string[];
  readonly firstAt: number;
  readonly lastAt: number;
};

type Written = { readonly key: string; readonly content: string; readonly gzip: boolean };

/** A row of files with records of one kind and place: the story's and, between them, those of ordinary days. */
export type Lane = {
  readonly from: number;
  readonly until: number;
  /** How much of the source's ordinary records it has, against the other lanes. */
  readonly weight: number;
  readonly hoursPerFile: number;
  readonly rhythm: Rhythm;
  readonly story: readonly Line[];
  readonly random: Random;
  /** Begins the ordinary records, which are then asked for in the order of time. */
  ordinary(): (at: number) => string;
  file(slice: Slice): Written;
};

/** The files of a source with `total` records, the story's among them; no story is ever cut. */
export function laneJobs(source: SampleLogSource, total: number, lanes: readonly Lane[]): FileJob[] {
  const stories = lanes.map(storyOf);
  const told = stories.reduce((sum, story) => sum + story.length, 0);
  const shares = divide(Math.max(0, total - told), lanes);
  return lanes.flatMap((lane, index) => jobsOf(source, lane, stories[index] ?? [], shares[index] ?? 0));
}

function storyOf({ story, from, until }: Lane): Line[] {
  return story.filter(({ at }) => at >= from && at < until).sort((a, b) => a.at - b.at);
}

function jobsOf(source: SampleLogSource, lane: Lane, story: readonly Line[], ordinaryCount: number): FileJob[] {
  const activity = createActivity(lane.from, lane.until, lane.rhythm);
  const countUntil = (at: number) => Math.round(ordinaryCount * activity.shareUntil(at));
  const jobs: FileJob[] = [];
  let write: ((at: number) => string) | null = null;
  let told = 0;
  const step = lane.hoursPerFile * HOUR;
  for (let from = lane.from; from < lane.until; ) {
    const until = Math.min((Math.floor(from / step) + 1) * step, lane.until);
    const bounds = { from, until };
    const count = countUntil(until) - countUntil(from);
    const first = told;
    while ((story[told]?.at ?? Number.POSITIVE_INFINITY) < until) told += 1;
    const ofStory = story.slice(first, told);
    const records = count + ofStory.length;
    const build = () => {
      write ??= lane.ordinary();
      const slice = merged(bounds, activity.moments(bounds.from, until, count, lane.random), write, ofStory);
      return { ...lane.file(slice), source, records, at: until };
    };
    if (records > 0) jobs.push({ at: until, build });
    from = until;
  }
  return jobs;
}

function merged(
  bounds: { readonly from: number; readonly until: number },
  moments: Float64Array,
  write: (at: number) => string,
  story: readonly Line[],
): Slice {
  const lines: string[] = [];
  let told = 0;
  for (const at of moments) {
    for (let next = story[told]; next !== undefined && next.at <= at; next = story[told]) {
      lines.push(next.text);
      told += 1;
    }
    lines.push(write(at));
  }
  for (; told < story.length; told += 1) lines.push(story[told]?.text ?? '');
  const firstAt = Math.min(moments[0] ?? bounds.until, story[0]?.at ?? bounds.until);
  const lastAt = Math.max(moments.at(-1) ?? bounds.from, story.at(-1)?.at ?? bounds.from);
  return { ...bounds, lines, firstAt, lastAt };
}

/** Whole numbers in proportion to the weights that add up to the total. */
function divide(total: number, lanes: readonly Lane[]): number[] {
  const whole = lanes.reduce((sum, lane) => sum + lane.weight, 0);
  let given = 0;
  let weights = 0;
  return lanes.map((lane) => {
    weights += lane.weight;
    const share = Math.round((total * weights) / whole) - given;
    given += share;
    return share;
  });
}
