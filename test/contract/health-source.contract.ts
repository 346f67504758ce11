import { describe, expect, test } from 'vitest';
import type { HealthApiEvent, HealthSource } from '#ports/health-source.ts';

export type GivenHealthAccount = {
  readonly id: string;
  readonly entities: readonly { readonly value: string; readonly status: string }[];
  readonly description?: string;
};

/** A Health event as AWS would hold it; without accounts it is public. */
export type GivenHealthEvent = {
  readonly arn: string;
  readonly updatedAt: number;
  readonly description: string;
  readonly accounts: readonly GivenHealthAccount[];
  readonly category?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly metadata?: Readonly<Record<string, string>>;
};

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 0, 5);

/** An RDS maintenance for 23 accounts with up to 5 databases each: more than one call and more than one page of everything. */
export const MAINTENANCE: GivenHealthEvent = {
  arn: 'arn:aws:health:ap-northeast-1::event/RDS/AWS_RDS_MAINTENANCE_SCHEDULED/AWS_RDS_MAINTENANCE_SCHEDULED_EXAMPLE-1',
  updatedAt: NOW - DAY,
  startedAt: NOW - 2 * DAY,
  endedAt: NOW + 5 * DAY,
  category: 'scheduledChange',
  description: 'Your databases get a new minor version.',
  metadata: { deprecated_versions: '8.0.35' },
  accounts: Array.from({ length: 23 }, (_empty, account) => ({
    id: String(444455550000 + account),
    entities: Array.from({ length: account % 6 }, (_none, entity) => ({
      value: `arn:aws:rds:ap-northeast-1:${444455550000 + account}:db:db-${entity}`,
      status: 'PENDING',
    })),
  })),
};

export const OUTAGE: GivenHealthEvent = {
  arn: 'arn:aws:health:us-east-1::event/EC2/AWS_EC2_OPERATIONAL_ISSUE/AWS_EC2_OPERATIONAL_ISSUE_EXAMPLE-2',
  updatedAt: NOW - 3 * DAY,
  category: 'issue',
  description: 'Increased error rates.',
  accounts: [],
};

/** All a source has to tell since then. */
export async function changes(source: HealthSource, since: number): Promise<HealthApiEvent[]> {
  const events: HealthApiEvent[] = [];
  for await (const event of source.changesSince(since)) events.push(event);
  return events;
}

/** What every HealthSource must do that sees the whole organization. */
export function describeHealthSource(
  name: string,
  prepare: (given: readonly GivenHealthEvent[]) => Promise<HealthSource>,
): void {
  describe(`${name} as a health source`, () => {
    test('tells every affected account with every one of its entities', async () => {
      const source = await prepare([MAINTENANCE]);

      const [event, ...others] = await changes(source, NOW - 7 * DAY);

      expect(others).toEqual([]);
      const told = event?.affected
        .map(({ accountId, entities }) => ({ id: accountId, entities }))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(told).toEqual(MAINTENANCE.accounts);
    });

    test('tells all fields of an event, times as ISO 8601', async () => {
      const source = await prepare([MAINTENANCE]);

      const [event] = await changes(source, NOW - 7 * DAY);

      expect(event).toMatchObject({
        arn: MAINTENANCE.arn,
        service: 'RDS',
        eventTypeCode: 'AWS_RDS_MAINTENANCE_SCHEDULED',
        eventTypeCategory: 'scheduledChange',
        eventScopeCode: 'ACCOUNT_SPECIFIC',
        region: 'ap-northeast-1',
        startTime: '2026-01-03T00:00:00.000Z',
        endTime: '2026-01-10T00:00:00.000Z',
        lastUpdatedTime: '2026-01-04T00:00:00.000Z',
        description: 'Your databases get a new minor version.',
        metadata: { deprecated_versions: '8.0.35' },
      });
    });

    test('tells a public event with its description and without accounts', async () => {
      const source = await prepare([OUTAGE]);

      const events = await changes(source, NOW - 7 * DAY);

      expect(events).toMatchObject([
        {
          arn: OUTAGE.arn,
          eventScopeCode: 'PUBLIC',
          description: 'Increased error rates.',
          endTime: null,
          affected: [],
        },
      ]);
    });

    test('tells only what changed since then, the boundary included, oldest first', async () => {
      const at = (days: number) => ({ ...OUTAGE, arn: `${OUTAGE.arn}-${days}`, updatedAt: NOW - days * DAY });
      const source = await prepare([at(1), at(5), at(3), at(4), at(2)]);

      const events = await changes(source, NOW - 4 * DAY);

      expect(events.map((event) => event.arn.slice(-2))).toEqual(['-4', '-3', '-2', '-1']);
    });

    test('says nothing when nothing changed', async () => {
      const source = await prepare([MAINTENANCE, OUTAGE]);

      expect(await changes(source, NOW)).toEqual([]);
    });

    test('gives each account the description that account was told', async () => {
      const given: GivenHealthEvent = {
        ...MAINTENANCE,
        accounts: [
          { id: '444455556666', entities: [], description: 'Your database db-1.' },
          { id: '777788889999', entities: [], description: 'Your database db-2.' },
          { id: '111122223333', entities: [], description: 'Your database db-1.' },
        ],
      };
      const source = await prepare([given]);

      const events = await changes(source, NOW - 7 * DAY);

      const told = events.flatMap((event) => event.affected.map(({ accountId }) => [accountId, event.description]));
      expect(Object.fromEntries(told)).toEqual({
        '444455556666': 'Your database db-1.',
        '777788889999': 'Your database db-2.',
        '111122223333': 'Your database db-1.',
      });
    });
  });
}
