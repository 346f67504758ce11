import type { Instance } from './cast-instances.ts';
import type { Story } from './story.ts';

/** Everything that was there before the fourteen days dates from this moment. */
export const BEFORE_THE_STORY = Date.UTC(2024, 3, 2, 2, 30);

/** When an instance was launched: in its beat, or long ago. */
export function launchedAt(story: Story, instance: Instance): number {
  if (instance.launchedIn === null) return BEFORE_THE_STORY;
  const beat = story.beat(instance.launchedIn);
  return beat.calls.find((call) => call.eventName === 'RunInstances' && call.errorCode === null)?.at ?? beat.at;
}
