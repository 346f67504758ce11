import { httpDate, SECOND } from './calendar.ts';
import { adminAccount } from './cast-accounts.ts';
import { delivered } from './envelope.ts';
import type { HealthNotice, HealthUpdate } from './health-notice.ts';
import { healthNotices } from './health-notices.ts';
import { stableHex } from './random.ts';
import type { JsonObject, SampleEvent } from './types.ts';
import type { World } from './world.ts';

/** What AWS Health sends: to the affected account, to the administrator of the organization, and again from the backup Region. */
export function healthEvents(world: World): SampleEvent[] {
  return healthNotices(world).flatMap((notice) =>
    notice.updates.flatMap((update, index) =>
      copiesOf(notice).flatMap((copy) => pagesOf(update).map((page) => event(notice, update, index, page, copy))),
    ),
  );
}

/** The ARN by which every copy and every update of a Health event is known. */
function healthArn(notice: Pick<HealthNotice, 'key' | 'service' | 'typeCode' | 'region'>): string {
  const { service, typeCode, region } = notice;
  return `arn:aws:health:${region}::event/${service}/${typeCode}/${typeCode}_${stableHex(`health|${notice.key}`, 24)}`;
}

type Copy = { readonly bus: string; readonly isBackup: boolean; readonly delay: number };
type Page = { readonly number: number; readonly total: number; readonly entities: HealthUpdate['entities'] };

// Without an affected account the event reaches the organization's administrator alone.
function copiesOf(notice: HealthNotice): Copy[] {
  const buses = notice.account === null ? [adminAccount] : [notice.account, adminAccount];
  return buses.flatMap((bus, index) => [
    { bus, isBackup: false, delay: index * 4 },
    ...(notice.hasBackupCopy ? [{ bus, isBackup: true, delay: 11 + index * 4 }] : []),
  ]);
}

// AWS makes a page at 256 KB; the sample makes them short, so that pages are seen at all.
function pagesOf(update: HealthUpdate): Page[] {
  const { entities, perPage } = update;
  const total = perPage === undefined ? 1 : Math.ceil(entities.length / perPage);
  return Array.from({ length: total }, (_, index) => ({
    number: index + 1,
    total,
    entities: perPage === undefined ? entities : entities.slice(index * perPage, (index + 1) * perPage),
  }));
}

function event(notice: HealthNotice, update: HealthUpdate, index: number, page: Page, copy: Copy): SampleEvent {
  const time = update.at + (6 + copy.delay + page.number) * SECOND;
  return delivered({
    time,
    source: 'aws.health',
    detailType: notice.isAbuse ? 'AWS Health Abuse Event' : 'AWS Health Event',
    account: copy.bus,
    region: copy.isBackup ? backupRegion(notice.region) : deliveryRegion(notice.region),
    resources: page.entities.map((entity) => entity.value),
    detail: detail(notice, update, index, page, copy),
    beat: update.beat,
    label: `${notice.key}|${index}|${page.number}`,
  });
}

function detail(notice: HealthNotice, update: HealthUpdate, index: number, page: Page, copy: Copy): JsonObject {
  return {
    eventArn: healthArn(notice),
    service: notice.service,
    eventTypeCode: notice.typeCode,
    eventTypeCategory: notice.category,
    eventScopeCode: notice.account === null ? 'PUBLIC' : 'ACCOUNT_SPECIFIC',
    communicationId: `${stableHex(`communication|${notice.key}|${index}`, 40)}-${page.number}`,
    startTime: httpDate(update.startsAt),
    ...(update.endsAt === undefined ? {} : { endTime: httpDate(update.endsAt) }),
    lastUpdatedTime: httpDate(update.at),
    statusCode: update.status,
    eventRegion: notice.region,
    eventDescription: [{ language: 'en_US', latestDescription: update.text }],
    ...(notice.metadata === undefined ? {} : { eventMetadata: notice.metadata }),
    affectedEntities: page.entities.map((entity) => ({
      entityValue: entity.value,
      lastUpdatedTime: httpDate(update.at),
      status: entity.status,
    })),
    ...(notice.account === null ? {} : { affectedAccount: notice.account }),
    page: String(page.number),
    totalPages: String(page.total),
    backupEvent: String(copy.isBackup),
    actionability: notice.actionability,
    personas: notice.personas,
  };
}

function backupRegion(region: string): string {
  return region === 'us-west-2' ? 'us-east-1' : 'us-west-2';
}

function deliveryRegion(region: string): string {
  return region === 'global' ? 'us-east-1' : region;
}
