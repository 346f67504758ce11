import type { Observation } from '#core/finding/observation.ts';
import { time } from '#core/intake/fields.ts';
import { healthObservation } from '#core/intake/health.ts';
import { accountId } from '#core/organization/account.ts';
import { acceptObservations, type IntakePorts, type Sighting } from '#engine/accept-events.ts';
import type { HealthApiEvent, HealthSource } from '#ports/health-source.ts';

const SETTING = 'health.since';
const DAY_MS = 86_400_000;
/** Read again what may have arrived late; copies are recognised. */
const OVERLAP_MS = 10 * 60_000;

/** Reads what changed in AWS Health for every account and accepts it like an event. Returns how many observations that were. */
export async function pollHealth(source: HealthSource, ports: IntakePorts): Promise<number> {
  const now = ports.clock.now();
  const since = Number((await ports.store.setting(SETTING)) ?? now - 7 * DAY_MS);
  let accepted = 0;
  let newest = since;
  for await (const event of source.changesSince(since)) {
    const sightings = observationsOf(event).map((observation): Sighting => ({ observation, incoming: { event } }));
    await acceptObservations(sightings, ports, now);
    accepted += sightings.length;
    newest = Math.max(newest, time(event.lastUpdatedTime) ?? since);
  }
  await ports.store.putSetting(SETTING, String(Math.max(since, Math.min(newest, now) - OVERLAP_MS)));
  return accepted;
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
    description: event.description,
    communication: null,
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
