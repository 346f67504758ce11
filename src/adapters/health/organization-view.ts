import {
  DescribeAffectedAccountsForOrganizationCommand,
  DescribeAffectedEntitiesForOrganizationCommand,
  DescribeEventDetailsForOrganizationCommand,
  DescribeEventsForOrganizationCommand,
  type EventAccountFilter,
} from '@aws-sdk/client-health';
import { allPages, batches } from '#adapters/aws-clients/pages.ts';
import type { HealthApiEvent } from '#ports/health-source.ts';
import type { HealthCaller } from './health-caller.ts';
import {
  failedItem,
  type HealthDetail,
  type HealthSummary,
  type HealthView,
  MOST_PER_CALL,
  MOST_PER_PAGE,
  PUBLIC_SCOPE,
  summaryOf,
} from './health-view.ts';

type Entity = HealthApiEvent['affected'][number]['entities'][number];

/** What AWS Health says about all accounts, asked in the management or a delegated administrator's account. */
export function organizationView(caller: HealthCaller): HealthView {
  return {
    changedSince: async (from) => {
      const events = await caller.call('health:DescribeEventsForOrganization', (client) =>
        allPages(async (nextToken) => {
          const page = await client.send(
            new DescribeEventsForOrganizationCommand({
              filter: { lastUpdatedTime: { from } },
              maxResults: MOST_PER_PAGE,
              nextToken,
            }),
          );
          return { items: page.events, next: page.nextToken };
        }),
      );
      return events.map(summaryOf);
    },
    async *complete(events) {
      for (const event of events) yield* parts(caller, event);
    },
  };
}

async function* parts(caller: HealthCaller, event: HealthSummary): AsyncGenerator<HealthApiEvent> {
  if (event.eventScopeCode === PUBLIC_SCOPE) {
    const detail = (await detailsOf(caller, event, [{ eventArn: event.arn }])).get('') ?? NOTHING_SAID;
    return yield { ...event, ...detail, affected: [] };
  }
  const accounts = await accountsOf(caller, event);
  const filters = accounts.map((awsAccountId) => ({ eventArn: event.arn, awsAccountId }));
  const details = await detailsOf(caller, event, filters);
  const entities = await entitiesOf(caller, event, filters);
  if (accounts.length === 0) return yield { ...event, ...NOTHING_SAID, affected: [] };
  const told = toldToMost([...details.values()]);
  for (const [detail, members] of byDetail(accounts, details, told)) {
    yield {
      ...event,
      ...detail,
      affected: members.map((accountId) => ({ accountId, entities: entities.get(accountId) ?? [] })),
    };
  }
}

const NOTHING_SAID: HealthDetail = { description: '', metadata: {} };

async function accountsOf(caller: HealthCaller, event: HealthSummary): Promise<string[]> {
  const accounts = await caller.call(`health:DescribeAffectedAccountsForOrganization on ${event.arn}`, (client) =>
    allPages(async (nextToken) => {
      const page = await client.send(
        new DescribeAffectedAccountsForOrganizationCommand({
          eventArn: event.arn,
          maxResults: MOST_PER_PAGE,
          nextToken,
        }),
      );
      return { items: page.affectedAccounts, next: page.nextToken };
    }),
  );
  return [...new Set(accounts)];
}

/** Per account id, `''` for a public event; an account AWS refuses to speak of is missing and reported. */
async function detailsOf(
  caller: HealthCaller,
  event: HealthSummary,
  filters: readonly EventAccountFilter[],
): Promise<Map<string, HealthDetail>> {
  const details = new Map<string, HealthDetail>();
  for (const organizationEventDetailFilters of batches(filters, MOST_PER_CALL)) {
    const answer = await caller.call(`health:DescribeEventDetailsForOrganization on ${event.arn}`, (client) =>
      client.send(new DescribeEventDetailsForOrganizationCommand({ organizationEventDetailFilters })),
    );
    for (const item of answer.successfulSet ?? []) {
      details.set(item.awsAccountId ?? '', {
        description: item.eventDescription?.latestDescription ?? '',
        metadata: item.eventMetadata ?? {},
      });
    }
    for (const item of answer.failedSet ?? [])
      caller.report(`No details of ${event.arn} for account ${item.awsAccountId ?? 'none'}: ${failedItem(item)}`);
  }
  return details;
}

async function entitiesOf(
  caller: HealthCaller,
  event: HealthSummary,
  filters: readonly EventAccountFilter[],
): Promise<Map<string, Entity[]>> {
  const entities = new Map<string, Entity[]>();
  // Each page of an answer may name the same account again.
  const failed = new Set<string>();
  for (const organizationEntityAccountFilters of batches(filters, MOST_PER_CALL)) {
    const found = await caller.call(`health:DescribeAffectedEntitiesForOrganization on ${event.arn}`, (client) =>
      allPages(async (nextToken) => {
        const page = await client.send(
          new DescribeAffectedEntitiesForOrganizationCommand({
            organizationEntityAccountFilters,
            maxResults: MOST_PER_PAGE,
            nextToken,
          }),
        );
        for (const item of page.failedSet ?? [])
          failed.add(
            `No affected resources of ${event.arn} for account ${item.awsAccountId ?? 'none'}: ${failedItem(item)}`,
          );
        return { items: page.entities, next: page.nextToken };
      }),
    );
    for (const entity of found) {
      const account = entity.awsAccountId ?? '';
      const list = entities.get(account) ?? [];
      list.push({ value: entity.entityValue ?? '', status: entity.statusCode ?? null });
      entities.set(account, list);
    }
  }
  for (const problem of failed) caller.report(problem);
  return entities;
}

/** Accounts that were told the same, together; those AWS gave no details for go with what most were told. */
function byDetail(
  accounts: readonly string[],
  details: ReadonlyMap<string, HealthDetail>,
  otherwise: HealthDetail,
): Iterable<[HealthDetail, string[]]> {
  const groups = new Map<string, [HealthDetail, string[]]>();
  for (const account of accounts) {
    const detail = details.get(account) ?? otherwise;
    const group = groups.get(JSON.stringify(detail));
    if (group === undefined) groups.set(JSON.stringify(detail), [detail, [account]]);
    else group[1].push(account);
  }
  return groups.values();
}

function toldToMost(details: readonly HealthDetail[]): HealthDetail {
  const counts = new Map<string, number>();
  for (const detail of details) counts.set(detail.description, (counts.get(detail.description) ?? 0) + 1);
  const [description = ''] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  return details.find((detail) => detail.description === description) ?? NOTHING_SAID;
}
