import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import { acceptEvents, type IntakePorts } from '#engine/accept-events.ts';
import { pollHealth } from '#engine/poll-health.ts';
import type { HealthApiEvent } from '#ports/health-source.ts';
import { awsEvent, type EventRecipe } from '../../test/stand-ins/events/aws-events.ts';
import { contextOf, TEST_NOW } from '../../test/stand-ins/events/fates.ts';
import { createFakeClock, createSeededRandom } from '../../test/stand-ins/time.ts';

const long = `We are investigating increased error rates of the EC2 APIs.\n\n${'More about it. '.repeat(1_000)}`;

/** The event of `health.json` as the Health API tells it: times with milliseconds, one description, no communication. */
const fromApi: HealthApiEvent = {
  arn: 'arn:aws:health:ap-northeast-1::event/EC2/AWS_EC2_OPERATIONAL_ISSUE/AWS_EC2_OPERATIONAL_ISSUE_7f35c8ae-af1f-54e6-a526-d0179ed6d68f',
  service: 'EC2',
  eventTypeCode: 'AWS_EC2_OPERATIONAL_ISSUE',
  eventTypeCategory: 'issue',
  eventScopeCode: 'ACCOUNT_SPECIFIC',
  region: 'ap-northeast-1',
  startTime: '2026-01-04T11:30:00.250Z',
  endTime: null,
  lastUpdatedTime: '2026-01-04T12:00:00.431Z',
  statusCode: 'open',
  description: long,
  metadata: {},
  affected: [{ accountId: '111122223333', entities: [{ value: 'i-0123456789abcdef0', status: 'IMPAIRED' }] }],
};

const fromEventBridge: EventRecipe = {
  of: 'health',
  set: { 'detail.eventDescription': [{ language: 'en_US', latestDescription: long }] },
};

type Way = (ports: IntakePorts) => Promise<unknown>;
const api =
  (changes: Partial<HealthApiEvent> = {}): Way =>
  (ports) =>
    pollHealth(
      {
        async *changesSince() {
          yield { ...fromApi, ...changes };
        },
      },
      ports,
    );
const bridge =
  (recipe: EventRecipe = fromEventBridge): Way =>
  (ports) =>
    acceptEvents([{ event: awsEvent(recipe) }], ports);

/** What is told after each step: `post #a, post #b`. */
async function told(...ways: readonly Way[]): Promise<{ lines: string[]; problems: number }> {
  const store = createMemoryStore();
  const { directory, policy } = contextOf('issue');
  const ports: IntakePorts = {
    ...{ store, clock: createFakeClock(TEST_NOW), random: createSeededRandom() },
    ...{ directory: () => directory, policy: () => policy },
  };
  const lines: string[] = [];
  let before = 0;
  for (const way of ways) {
    await way(ports);
    const { items, total } = await store.outboxPage({ limit: 100 });
    const added = items.slice(0, total - before).reverse();
    lines.push(added.map((item) => `${item.action} ${item.destinationKey.slice('slack:'.length)}`).join(', '));
    before = total;
  }
  return { lines, problems: (await store.problemPage({})).total };
}

const post = 'post #payments-health, post #soc-health';
const update = 'update #payments-health, update #soc-health';
const resolve = 'resolve #payments-health, resolve #soc-health';

describe('a Health event that comes both ways', () => {
  it('is one problem, told once: EventBridge first', async () => {
    expect(await told(bridge(), api(), bridge(), api())).toEqual({ lines: [post, '', '', ''], problems: 1 });
  });

  it('is one problem, told once: the API first', async () => {
    expect(await told(api(), bridge(), api(), bridge())).toEqual({ lines: [post, '', '', ''], problems: 1 });
  });

  it('is updated by either way, once', async () => {
    const text = 'The cause was found.';
    const later: EventRecipe = {
      of: 'health',
      minutes: 30,
      set: {
        'detail.communicationId': `${'c'.repeat(40)}-1`,
        'detail.eventDescription': [{ language: 'en_US', latestDescription: text }],
      },
    };
    const laterByApi = api({ description: text, lastUpdatedTime: '2026-01-04T12:30:00.431Z' });

    expect((await told(api(), bridge(), laterByApi, bridge(later))).lines).toEqual([post, '', update, '']);
    expect((await told(bridge(), api(), bridge(later), laterByApi)).lines).toEqual([post, '', update, '']);
  });

  it('is ended by either way, once', async () => {
    const end = {
      'detail.statusCode': 'closed',
      'detail.endTime': 'Sun, 04 Jan 2026 12:50:00 GMT',
      'detail.communicationId': `${'d'.repeat(40)}-1`,
    };
    const byBridge = bridge({ of: 'health', minutes: 60, set: { ...fromEventBridgeSet(), ...end } });
    const byApi = api({
      statusCode: 'closed',
      endTime: '2026-01-04T12:50:00.900Z',
      lastUpdatedTime: '2026-01-04T13:00:00.100Z',
    });

    expect((await told(bridge(), byApi, byBridge, byApi)).lines).toEqual([post, resolve, '', '']);
    expect((await told(bridge(), byBridge, byApi, byBridge)).lines).toEqual([post, resolve, '', '']);
  });

  it('keeps the end time that only one way tells', async () => {
    const withEnd = api({ endTime: '2026-01-05T12:00:00.000Z' });

    expect((await told(bridge(), withEnd, bridge(), withEnd)).lines).toEqual([post, update, '', '']);
  });

  it('lists all entities though EventBridge tells them in pages', async () => {
    const page = (number: number, value: string) =>
      bridge({
        of: 'health',
        set: {
          ...fromEventBridgeSet(),
          'detail.communicationId': `${'a'.repeat(40)}-${number}`,
          'detail.page': String(number),
          'detail.totalPages': '2',
          'detail.affectedEntities': [{ entityValue: value }],
        },
      });
    const both = api({
      affected: [
        {
          accountId: '111122223333',
          entities: [
            { value: 'i-1', status: null },
            { value: 'i-2', status: null },
          ],
        },
      ],
    });

    expect((await told(page(1, 'i-1'), both, page(2, 'i-2'), both, page(1, 'i-1'))).lines).toEqual([
      post,
      update,
      '',
      '',
      '',
    ]);
    expect((await told(both, page(2, 'i-2'), page(1, 'i-1'))).lines).toEqual([post, '', '']);
  });
});

function fromEventBridgeSet() {
  return { 'detail.eventDescription': [{ language: 'en_US', latestDescription: long }] };
}
