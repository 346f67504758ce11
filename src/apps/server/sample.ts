import type { Installation } from '#apps/server/installation.ts';
import { type SampleOrganization, sampleOrganization } from '#core/sample-organization/sample-organization.ts';
import type { Clock } from '#ports/clock.ts';
import type { SettingStore } from '#ports/state-store.ts';

const END = 'sample.endAt';
/** The last hour whose events were accepted. */
const PLAYED = 'sample.played';
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** The sample's last day is the day of its first start, and stays so. */
async function sampleOf(store: SettingStore, clock: Clock): Promise<SampleOrganization> {
  const today = String(Math.floor(clock.now() / DAY_MS) * DAY_MS);
  await store.putSetting(END, today, { value: undefined });
  return sampleOrganization({ endAt: Number((await store.setting(END)) ?? today) });
}

/** The sample's last moment, epoch ms; undefined before its first start. */
export async function sampleEndOf(store: SettingStore): Promise<number | undefined> {
  const end = await store.setting(END);
  return end === undefined ? undefined : Number(end);
}

/** yagura.yaml of the sample organization. */
export async function sampleConfigText(store: SettingStore, clock: Clock): Promise<string> {
  return (await sampleOf(store, clock)).configYaml;
}

/** Plays the sample's fourteen days, hour by hour, so that the feed looks as it would have looked; goes on where it was stopped. */
export async function loadSample(yagura: Installation, signal: AbortSignal): Promise<void> {
  const { store, clock } = yagura;
  const played = Number((await store.setting(PLAYED)) ?? Number.NEGATIVE_INFINITY);
  const { events } = await sampleOf(store, clock);
  for (const [hour, those] of Map.groupBy(events, ({ time }) => Math.floor(time / HOUR_MS))) {
    if (hour <= played) continue;
    const at = those.at(-1)?.time ?? hour * HOUR_MS;
    const incoming = those.map(({ envelope }) => ({ event: envelope }));
    await yagura.accept(incoming, at);
    await store.putSetting(PLAYED, String(hour));
    await yagura.delivery().drained();
    // What was not delivered any more is delivered after the next start.
    if (signal.aborted) return;
  }
}
