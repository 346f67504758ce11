import type { Installation } from '#apps/server/installation.ts';
import { type SampleOrganization, sampleOrganization } from '#core/sample-organization/sample-organization.ts';
import type { Clock } from '#ports/clock.ts';
import type { SettingStore } from '#ports/state-store.ts';

const END = 'sample.endAt';
const LOADED = 'sample.loaded';
const DAY_MS = 86_400_000;

/** The sample's last day is the day of its first start, and stays so. */
async function sampleOf(store: SettingStore, clock: Clock): Promise<SampleOrganization> {
  const today = String(Math.floor(clock.now() / DAY_MS) * DAY_MS);
  await store.putSetting(END, today, { value: undefined });
  return sampleOrganization({ endAt: Number((await store.setting(END)) ?? today) });
}

/** yagura.yaml of the sample organization. */
export async function sampleConfigText(store: SettingStore, clock: Clock): Promise<string> {
  return (await sampleOf(store, clock)).configYaml;
}

/** Plays the sample's fourteen days, hour by hour, so that the feed looks as it would have looked. */
export async function loadSample(yagura: Installation): Promise<void> {
  if ((await yagura.store.setting(LOADED)) !== undefined) return;
  const { events } = await sampleOf(yagura.store, yagura.clock);
  for (const [, hour] of Map.groupBy(events, (event) => Math.floor(event.time / 3_600_000))) {
    const at = hour.at(-1)?.time ?? yagura.clock.now();
    await yagura.accept(
      hour.map(({ envelope }) => ({ event: envelope })),
      at,
    );
    await yagura.delivery().drained();
  }
  await yagura.store.putSetting(LOADED, String(yagura.clock.now()));
}
