import { MAX_RESOURCES, type Observation, type ObservedFact } from '#core/finding/observation.ts';
import { type Outcome, ok, rejected } from '#core/finding/outcome.ts';
import type { Severity } from '#core/finding/severity.ts';
import type { Envelope } from '#core/intake/envelope.ts';
import { at, type Fields, first, list, number, present, text, time } from '#core/intake/fields.ts';
import { healthKey } from '#core/intake/problem-key.ts';

/** What both ways of learning of a Health event (EventBridge, Health API) come down to. */
export type HealthFacts = {
  readonly arn: string;
  readonly service: string;
  readonly typeCode: string;
  readonly category: string;
  readonly scope: string;
  readonly region: string;
  readonly statusCode: string;
  readonly startAt: number | null;
  readonly endAt: number | null;
  readonly updatedAt: number | null;
  readonly description: string;
  readonly accountId: string | null;
  readonly entities: readonly { id: string; status: string | null }[];
  readonly communication: string | null;
  readonly page: number | null;
  /** When AWS passed it on, where that is known. */
  readonly passedOnAt: number | null;
  readonly origin: 'health-event' | 'health-api';
};

/** An `AWS Health Event` or `AWS Health Abuse Event`; pages and backup-Region copies are merged later by key and communication. */
export function observeHealth(envelope: Envelope): Outcome<Observation> {
  const detail = envelope.detail;
  const arn = text(detail, 'eventArn');
  if (arn === undefined) return rejected('schema', 'a Health event without eventArn');
  const scope = text(detail, 'eventScopeCode') ?? '';
  const affected = text(detail, 'affectedAccount');
  return ok(
    healthObservation({
      arn,
      service: text(detail, 'service') ?? '',
      typeCode: text(detail, 'eventTypeCode') ?? 'UNKNOWN',
      category: text(detail, 'eventTypeCategory') ?? (envelope.detailType === 'AWS Health Abuse Event' ? 'issue' : ''),
      scope,
      region: first(text(detail, 'eventRegion'), arnRegion(arn)) ?? envelope.region,
      statusCode: text(detail, 'statusCode') ?? 'open',
      startAt: time(detail, 'startTime') ?? null,
      endAt: time(detail, 'endTime') ?? null,
      updatedAt: first(time(detail, 'lastUpdatedTime'), envelope.time ?? undefined) ?? null,
      description: describe(detail),
      // Older account events name the account in the envelope only; a public event without one concerns no account.
      accountId: affected ?? (scope === 'PUBLIC' ? null : envelope.account),
      entities: list(detail, 'affectedEntities').flatMap((entity) => {
        const id = text(entity, 'entityValue');
        return id === undefined ? [] : [{ id, status: text(entity, 'status') ?? null }];
      }),
      communication: text(detail, 'communicationId') ?? null,
      page: number(detail, 'page') ?? null,
      passedOnAt: envelope.time,
      origin: 'health-event',
    }),
  );
}

/** Builds the observation both ways share, so that one problem looks the same however it came. */
export function healthObservation(facts: HealthFacts): Observation {
  const communication = communicationOf(facts);
  return {
    kind: 'health',
    topic: 'health-event',
    key: healthKey(facts.arn, facts.accountId),
    origin: facts.origin,
    accountId: facts.accountId,
    region: facts.region,
    severity: healthSeverity(facts.category),
    severityStated: facts.category !== '',
    state: facts.statusCode === 'closed' ? 'resolved' : 'active',
    updatedAt: facts.updatedAt ?? facts.startAt ?? 0,
    ...(facts.passedOnAt === null ? {} : { passedOnAt: facts.passedOnAt }),
    firstSeenAt: facts.startAt,
    lastSeenAt: facts.updatedAt,
    count: null,
    type: facts.typeCode,
    product: 'aws/health',
    title: titleOf(facts),
    description: facts.description,
    advice: { text: null, url: null },
    resources: facts.entities.slice(0, MAX_RESOURCES).map((entity) => ({
      type: 'Entity',
      id: entity.id,
      ...(entity.status === null ? {} : { status: entity.status }),
    })),
    resourceCount: facts.entities.length,
    actor: null,
    sample: false,
    sourceUrl: `https://health.aws.amazon.com/health/home#/account/event-log?eventID=${encodeURIComponent(facts.arn)}&eventTab=details`,
    facts: healthFacts(facts),
    ...(communication === undefined ? {} : { communication }),
    ...(communication === undefined || facts.page === null ? {} : { pages: [facts.page] }),
    isPublic: facts.scope === 'PUBLIC' && facts.accountId === null,
    marks: marksOf(facts),
  };
}

/** The communication without its page: AWS writes `<communication>-<page>`. */
function communicationOf({ communication, page }: HealthFacts): string | undefined {
  if (communication === null) return undefined;
  const [, base, last] = /^(.+)-(\d{1,4})$/.exec(communication) ?? [];
  if (base === undefined) return communication;
  const isPage = page === null ? /^[0-9a-f]{32,}$/.test(base) : Number(last) === page;
  return isPage ? base : communication;
}

/** What is not said is not a change; EventBridge knows seconds, the Health API milliseconds. */
function marksOf({ statusCode, startAt, endAt }: HealthFacts): Readonly<Record<string, string>> {
  const second = (at: number | null) => (at === null ? undefined : String(Math.floor(at / 1000) * 1000));
  return { status: statusCode, ...present({ start: second(startAt), end: second(endAt) }) };
}

/** issue and investigation HIGH, scheduledChange MEDIUM, accountNotification LOW. */
export function healthSeverity(category: string): Severity {
  if (category === 'issue' || category === 'investigation') return 'HIGH';
  return category === 'accountNotification' ? 'LOW' : 'MEDIUM';
}

function healthFacts(facts: HealthFacts): ObservedFact[] {
  const at = (label: string, value: number | null): ObservedFact[] =>
    value === null ? [] : [{ label, value: String(value) }];
  return [
    { label: 'service', value: facts.service },
    { label: 'category', value: facts.category },
    { label: 'healthStatus', value: facts.statusCode },
    ...at('startsAt', facts.startAt),
    ...at('endsAt', facts.endAt),
  ];
}

/** `AWS_RDS_MAINTENANCE_SCHEDULED` reads as `RDS maintenance scheduled`. */
function titleOf(facts: HealthFacts): string {
  const words = facts.typeCode
    .replace(/^AWS_/, '')
    .split('_')
    .filter((word) => word !== '');
  const [head = facts.service, ...rest] = words;
  return `${head} ${rest.join(' ').toLowerCase()}`.trim();
}

function describe(detail: Fields): string {
  const descriptions = list(detail, 'eventDescription');
  const english = descriptions.find((entry) => text(entry, 'language')?.startsWith('en'));
  return (
    first(
      text(english ?? descriptions[0], 'latestDescription'),
      text(at(detail, 'eventDescription'), 'latestDescription'),
    ) ?? ''
  );
}

function arnRegion(arn: string): string | undefined {
  const region = arn.split(':')[3];
  return region === '' ? undefined : region;
}
