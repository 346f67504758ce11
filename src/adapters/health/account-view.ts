import {
  DescribeAffectedEntitiesCommand,
  DescribeEventDetailsCommand,
  DescribeEventsCommand,
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

type Affected = HealthApiEvent['affected'];

/** What AWS Health says about the one account whose credentials are used. */
export function accountView(caller: HealthCaller): HealthView {
  return {
    changedSince: async (from) => {
      const events = await caller.call('health:DescribeEvents', (client) =>
        allPages(async (nextToken) => {
          const page = await client.send(
            new DescribeEventsCommand({
              filter: { lastUpdatedTimes: [{ from }] },
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
      for (const batch of batches(events, MOST_PER_CALL)) {
        const details = await detailsOf(caller, batch);
        const affected = await affectedBy(
          caller,
          batch.filter((event) => event.eventScopeCode !== PUBLIC_SCOPE),
        );
        for (const event of batch) {
          yield {
            ...event,
            ...(details.get(event.arn) ?? { description: '', metadata: {} }),
            affected: affected.get(event.arn) ?? [],
          };
        }
      }
    },
  };
}

async function detailsOf(
  caller: HealthCaller,
  events: readonly HealthSummary[],
): Promise<ReadonlyMap<string, HealthDetail>> {
  const eventArns = events.map((event) => event.arn);
  const answer = await caller.call('health:DescribeEventDetails', (client) =>
    client.send(new DescribeEventDetailsCommand({ eventArns })),
  );
  for (const item of answer.failedSet ?? [])
    caller.report(`No details of ${item.eventArn ?? 'an event'}: ${failedItem(item)}`);
  return new Map(
    (answer.successfulSet ?? []).map((item) => [
      item.event?.arn ?? '',
      { description: item.eventDescription?.latestDescription ?? '', metadata: item.eventMetadata ?? {} },
    ]),
  );
}

/** Every event here concerns the caller's own account, also one without entities. */
async function affectedBy(
  caller: HealthCaller,
  events: readonly HealthSummary[],
): Promise<ReadonlyMap<string, Affected>> {
  if (events.length === 0) return new Map();
  const own = await caller.ownAccount();
  const eventArns = events.map((event) => event.arn);
  const entities = await caller.call('health:DescribeAffectedEntities', (client) =>
    allPages(async (nextToken) => {
      const page = await client.send(
        new DescribeAffectedEntitiesCommand({ filter: { eventArns }, maxResults: MOST_PER_PAGE, nextToken }),
      );
      return { items: page.entities, next: page.nextToken };
    }),
  );
  return new Map(
    eventArns.map((arn) => [
      arn,
      [
        {
          accountId: own,
          entities: entities
            .filter((entity) => entity.eventArn === arn)
            .map((entity) => ({ value: entity.entityValue ?? '', status: entity.statusCode ?? null })),
        },
      ],
    ]),
  );
}
