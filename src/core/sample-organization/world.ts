import { type Calendar, createCalendar } from './calendar.ts';
import { createRandom, type Random } from './random.ts';
import { buildStory, type Story } from './story.ts';

/** What every writer works from. */
export type World = {
  readonly calendar: Calendar;
  readonly story: Story;
  random(label: string): Random;
};

/** The same seed and end give the same world. */
export function createWorld(seed: number, endAt: number): World {
  const calendar = createCalendar(endAt);
  return { calendar, story: buildStory(calendar), random: (label) => createRandom(seed, label) };
}
