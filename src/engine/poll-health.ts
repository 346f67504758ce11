import type { Observation } from '#core/finding/observation.ts';
import { text, time } from '#core/intake/fields.ts';
import { healthObservation } from '#core/intake/health.ts';
import { accountId } from '#core/organization/account.ts';
import { acceptObservations, type IntakePorts, type Sighting } from '#engine/accept-events.ts';
import type { HealthApiEvent, HealthSource } from '#ports/health-source.ts';

const SETTING = 'health.position';
const DAY_MS = 86_400_000;
/** Read again what may have arrived late; copies are recognised. */
const OVERLAP_MS = 10 * 60_000;
/** So many observations are written together, and the position after them. */
const AT_ONCE = 100;

/** Everything updated before `from` was accepted, but for the events that wait; those by ARN, with when they were updated. */
type Position = { readonly from: number; readonly waiting: Readonly<Record<string, number>> };

/** Reads what changed in AWS Health for every account and accepts it like an event. Returns how many observations that were. */
export async function pollHealth(source: HealthSource, ports: IntakePorts): Promise<number> {
  const now = ports.clock.now();
  const { from, waiting: before } = readPosition(await ports.store.setting(SETTING), now);
  const waiting = new Map(Object.entries(before));
  let accepted = 0;
  let reached = from;
  let sightings: Sighting[] = [];
  const write = async () => {
    await acceptObservations(sightings, ports, now);
    accepted += sightings.length;
    sightings = [];
    const next = Math.max(from, Math.min(reached, now) - OVERLAP_MS);
    // One that AWS no longer lists would hold the position for ever.
    const still = [...waiting].filter(([, updatedAt]) => now - updatedAt < DAY_MS);
    await ports.store.putSetting(SETTING, JSON.stringify({ from: next, waiting: Object.fromEntries(still) }));
  };
  // Oldest first, so that a run that breaks off goes on where it was.
  for await (const event of source.changesSince(Math.min(from, ...waiting.values()))) {
    const updatedAt = time(event.lastUpdatedTime) ?? from;
    if (updatedAt < from && !Object.hasOwn(before, event.arn)) continue;
    reached = Math.max(reached, updatedAt);
    if (isUnfinished(event, updatedAt, now)) {
      waiting.set(event.arn, updatedAt);
      continue;
    }
    waiting.delete(event.arn);
    for (const observation of observationsOf(event)) sightings.push({ observation, incoming: { event } });
    if (sightings.length >= AT_ONCE) await write();
  }
  await write();
  return accepted;
}

/** AWS lists an event before it lists whom it affects. It is read again until it does; after a day without, it is told as it is. */
function isUnfinished(event: HealthApiEvent, updatedAt: number, now: number): boolean {
  return event.eventScopeCode === 'ACCOUNT_SPECIFIC' && event.affected.length === 0 && now - updatedAt < DAY_MS;
}

function readPosition(stored: string | undefined, now: number): Position {
  // Written by `pollHealth` alone.
  return stored === undefined ? { from: now - 7 * DAY_MS, waiting: {} } : (JSON.parse(stored) as Position);
}

/** One observation per affected account; a public event without accounts gives one for nobody in particular. */
export function observationsOf(event: HealthApiEvent): Observation[] {
  const base = {
    arn: event.arn,
    service: event.service,
    typeCode: event.eventTypeCode,
    category: event.eventTypeCategory,
    scope: event.eventScopeCode,
    region: event.region,
    statusCode: event.statusCode,
    startAt: time(event.startTime) ?? null,
    endAt: time(event.endTime) ?? null,
    updatedAt: time(event.lastUpdatedTime) ?? null,
    // Cut as the description of an event is, or the two would never look the same.
    description: text(event.description) ?? '',
    communication: null,
    page: null,
    passedOnAt: null,
    origin: 'health-api' as const,
  };
  if (event.affected.length === 0) return [healthObservation({ ...base, accountId: null, entities: [] })];
  return event.affected.map((affected) =>
    healthObservation({
      ...base,
      accountId: accountId(affected.accountId) ?? affected.accountId,
      entities: affected.entities.map((entity) => ({ id: entity.value, status: entity.status })),
    }),
  );
}
