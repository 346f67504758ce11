import type { HealthApiEvent, HealthSource } from '#ports/health-source.ts';
import type { GivenHealthEvent } from '../contract/health-source.contract.ts';
import type { AwsAnswer, AwsCall } from './aws-json.ts';

export type HealthWorld = {
  readonly events: readonly GivenHealthEvent[];
  /** What DescribeHealthServiceStatusForOrganization says; `denied` is how it answers a delegated administrator. */
  status?: 'ENABLED' | 'DISABLED' | 'PENDING' | 'denied';
  /** The account that asks, for the account view. */
  readonly account?: string;
  /** Accounts whose details and entities AWS refuses. */
  readonly refused?: readonly string[];
};

const PAGE = 4;
const MOST_FILTERS = 10;

/** Answers like the AWS Health API (JSON 1.1, target `AWSHealth_20160804.*`), shapes and limits as AWS documents them. moto has no Health, so this stands in. */
export function healthHandler(world: HealthWorld): (call: AwsCall) => AwsAnswer {
  return (call) => {
    const { target, input } = call;
    const own = world.account ?? '111122223333';
    switch (target) {
      case 'GetCallerIdentity':
        return {
          xml: `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${own}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
        };
      case 'DescribeHealthServiceStatusForOrganization':
        return world.status === 'denied'
          ? DENIED
          : { body: { healthServiceAccessStatusForOrganization: world.status ?? 'ENABLED' } };
      case 'DescribeEventsForOrganization':
        return page('events', changed(world, rangeIn(input)), input);
      case 'DescribeEvents':
        return page(
          'events',
          changed({ ...world, events: world.events.filter((event) => concerns(event, own)) }, rangeIn(input)),
          input,
        );
      case 'DescribeAffectedAccountsForOrganization':
        return page(
          'affectedAccounts',
          eventOf(world, input['eventArn'])?.accounts.map((account) => account.id) ?? [],
          input,
        );
      case 'DescribeEventDetailsForOrganization':
        return details(world, records(input['organizationEventDetailFilters']));
      case 'DescribeEventDetails':
        return details(
          world,
          texts(input['eventArns']).map((eventArn) => ({
            eventArn,
            ...(isPublic(world, eventArn) ? {} : { awsAccountId: own }),
          })),
        );
      case 'DescribeAffectedEntitiesForOrganization':
        return entities(world, records(input['organizationEntityAccountFilters']), input);
      case 'DescribeAffectedEntities':
        return entities(
          world,
          texts(record(input['filter'])['eventArns']).map((eventArn) => ({ eventArn, awsAccountId: own })),
          input,
        );
      default:
        return { error: 'UnknownOperationException', message: target };
    }
  };
}

/** The same without HTTP: a fake of the port for tests of what uses it. */
export function createFakeHealthSource(events: readonly GivenHealthEvent[]): HealthSource {
  return {
    async *changesSince(since) {
      for (const event of [...events]
        .filter((given) => given.updatedAt >= since)
        .sort((a, b) => a.updatedAt - b.updatedAt)) {
        const told = Map.groupBy(event.accounts, (account) => account.description ?? event.description);
        if (event.accounts.length === 0) yield portEvent(event, event.description, []);
        for (const [description, accounts] of told) yield portEvent(event, description, accounts);
      }
    },
  };
}

function portEvent(
  event: GivenHealthEvent,
  description: string,
  accounts: GivenHealthEvent['accounts'],
): HealthApiEvent {
  const { startTime, endTime, lastUpdatedTime, ...fields } = wireEvent(event);
  const iso = (seconds: number | undefined): string | null =>
    seconds === undefined ? null : new Date(seconds * 1000).toISOString();
  return {
    ...fields,
    startTime: iso(startTime),
    endTime: iso(endTime),
    lastUpdatedTime: iso(lastUpdatedTime) ?? '',
    description,
    metadata: event.metadata ?? {},
    affected: accounts.map(({ id, entities: affected }) => ({ accountId: id, entities: affected })),
  };
}

const DENIED: AwsAnswer = {
  error: 'AccessDeniedException',
  message: 'You are not authorized to perform this operation.',
};

function wireEvent(event: GivenHealthEvent) {
  const [, , , region = '', , name = ''] = event.arn.split(':');
  const [, service = '', eventTypeCode = ''] = name.split('/');
  return {
    arn: event.arn,
    service,
    eventTypeCode,
    eventTypeCategory: event.category ?? 'issue',
    eventScopeCode: event.accounts.length === 0 ? 'PUBLIC' : 'ACCOUNT_SPECIFIC',
    region,
    ...(event.startedAt === undefined ? {} : { startTime: event.startedAt / 1000 }),
    ...(event.endedAt === undefined ? {} : { endTime: event.endedAt / 1000 }),
    lastUpdatedTime: event.updatedAt / 1000,
    statusCode: 'open',
  };
}

function changed(world: HealthWorld, from: number): unknown[] {
  return world.events.filter((event) => event.updatedAt / 1000 >= from).map(wireEvent);
}

function details(world: HealthWorld, filters: readonly Record<string, unknown>[]): AwsAnswer {
  if (filters.length === 0 || filters.length > MOST_FILTERS)
    return invalid(`organizationEventDetailFilters: 1 to ${MOST_FILTERS} members`);
  const successfulSet: unknown[] = [];
  const failedSet: unknown[] = [];
  for (const { eventArn, awsAccountId } of filters) {
    const event = eventOf(world, eventArn);
    const account = event?.accounts.find(({ id }) => id === awsAccountId);
    // AWS wants no account for a public event and one for any other.
    const fits =
      event !== undefined && (event.accounts.length === 0 ? awsAccountId === undefined : account !== undefined);
    if (!fits || world.refused?.includes(String(awsAccountId)) === true) {
      failedSet.push({
        eventArn,
        awsAccountId,
        errorName: 'InvalidAccount',
        errorMessage: 'The account cannot be read.',
      });
    } else {
      const eventDescription = { latestDescription: account?.description ?? event.description };
      successfulSet.push({ awsAccountId, event: wireEvent(event), eventDescription, eventMetadata: event.metadata });
    }
  }
  return { body: { successfulSet, ...(failedSet.length === 0 ? {} : { failedSet }) } };
}

function entities(
  world: HealthWorld,
  filters: readonly Record<string, unknown>[],
  input: Record<string, unknown>,
): AwsAnswer {
  if (filters.length === 0 || filters.length > MOST_FILTERS)
    return invalid(`organizationEntityAccountFilters: 1 to ${MOST_FILTERS} members`);
  const refused = filters.filter(({ awsAccountId }) => world.refused?.includes(String(awsAccountId)) === true);
  const found = filters
    .filter((filter) => !refused.includes(filter))
    .flatMap(({ eventArn, awsAccountId }) => {
      const account = eventOf(world, eventArn)?.accounts.find(({ id }) => id === awsAccountId);
      return (account?.entities ?? []).map(({ value, status }) => ({
        eventArn,
        awsAccountId,
        entityValue: value,
        statusCode: status,
        lastUpdatedTime: 1767571200,
      }));
    });
  const failedSet = refused.map(({ eventArn, awsAccountId }) => ({
    eventArn,
    awsAccountId,
    errorName: 'InvalidAccount',
    errorMessage: 'The account cannot be read.',
  }));
  return page('entities', found, input, failedSet.length === 0 ? {} : { failedSet });
}

function page(name: string, items: readonly unknown[], input: Record<string, unknown>, more: object = {}): AwsAnswer {
  const most = Number(input['maxResults'] ?? 10);
  if (most < 10 || most > 100) return invalid('maxResults: 10 to 100');
  const at = Number(input['nextToken'] ?? 0);
  const next = at + PAGE < items.length ? { nextToken: String(at + PAGE) } : {};
  return { body: { [name]: items.slice(at, at + PAGE), ...next, ...more } };
}

function invalid(message: string): AwsAnswer {
  return { error: 'ValidationException', message };
}

function rangeIn(input: Record<string, unknown>): number {
  const filter = record(input['filter']);
  const range = record(
    filter['lastUpdatedTime'] ??
      (Array.isArray(filter['lastUpdatedTimes']) ? filter['lastUpdatedTimes'][0] : undefined),
  );
  return Number(range['from'] ?? 0);
}

function eventOf(world: HealthWorld, arn: unknown): GivenHealthEvent | undefined {
  return world.events.find((event) => event.arn === arn);
}

function isPublic(world: HealthWorld, arn: string): boolean {
  return eventOf(world, arn)?.accounts.length === 0;
}

function concerns(event: GivenHealthEvent, account: string): boolean {
  return event.accounts.length === 0 || event.accounts.some(({ id }) => id === account);
}

function record(value: unknown): Record<string, unknown> {
  // Only what the SDK serialized arrives here.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
