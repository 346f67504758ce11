import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awsEvent, type EventRecipe } from '../../../test/stand-ins/events/aws-events.ts';
import { contextOf, TEST_NOW } from '../../../test/stand-ins/events/fates.ts';
import { observe } from '../intake/observe.ts';
import { type DecisionContext, decide } from '../notification/decide.ts';
import { destinationLabel } from '../notification/destination.ts';
import { absorb } from './absorb.ts';
import type { Observation } from './observation.ts';
import type { Problem } from './problem.ts';

const MINUTE = 60_000;
const guardDuty = firstOf('guardduty');
const context = contextOf('company');

function firstOf(recipe: EventRecipe): Observation {
  const [observation] = observe(awsEvent(recipe)).observations;
  if (observation === undefined) throw new Error('nothing to observe');
  return observation;
}

/** Copies of one problem, the nth updated n minutes after the first. */
const copies = fc
  .array(
    fc.record({
      severity: fc.constantFrom('LOW', 'MEDIUM', 'HIGH', 'CRITICAL'),
      state: fc.constantFrom('active', 'active', 'active', 'resolved', 'suppressed', 'undetermined'),
      title: fc.constantFrom('a', 'b'),
      more: fc.nat(2),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((steps) => {
    let count = 1;
    return steps.map(({ severity, state, title, more }, index): Observation => {
      count += more;
      const updatedAt = guardDuty.updatedAt + index * MINUTE;
      return {
        ...guardDuty,
        severity,
        state,
        title,
        count,
        updatedAt,
        passedOnAt: updatedAt + 1_000,
        lastSeenAt: updatedAt,
      };
    });
  });

function absorbed(observations: readonly Observation[]): Problem | undefined {
  return observations.reduce<Problem | undefined>(
    (known, observation) => absorb(known, observation, TEST_NOW).problem ?? known,
    undefined,
  );
}

type Told = { readonly action: string; readonly to: string };

/** Decides on each in turn and tells what every destination got. */
function tellAll(
  observations: readonly Observation[],
  known: Problem | undefined,
  within: DecisionContext = context,
): { problem: Problem | undefined; told: Told[][] } {
  let problem = known;
  const told = observations.map((observation) => {
    const verdict = decide(problem, observation, within);
    problem = verdict.problem ?? problem;
    return verdict.entries.map(({ routed, action }) => ({ action, to: destinationLabel(routed.destination) }));
  });
  return { problem, told };
}

describe('copies of one problem', () => {
  it('come to the same state in whatever order they arrive', () => {
    const shuffled = copies.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, mixed]) => {
        const [inOrder, outOfOrder] = [absorbed(all), absorbed(mixed)];
        const isOpen = inOrder?.status === 'open';

        expect(outOfOrder?.status).toBe(inOrder?.status);
        expect(outOfOrder?.timesSeen).toBe(inOrder?.timesSeen);
        expect(outOfOrder?.observation.updatedAt).toBe(inOrder?.observation.updatedAt);
        expect(outOfOrder?.observation.title).toBe(inOrder?.observation.title);
        expect(outOfOrder?.observation.count).toBe(inOrder?.observation.count);
        // What has ended keeps the severity it was known with.
        if (isOpen) expect(outOfOrder?.observation.severity).toBe(inOrder?.observation.severity);
      }),
      { numRuns: 1_000 },
    );
  });

  it('add no message when all of them come again', () => {
    fc.assert(
      fc.property(copies, (all) => {
        const { problem } = tellAll(all, undefined);

        const again = tellAll(all, problem);

        expect(again.told.flat()).toEqual([]);
        expect(again.problem?.status).toBe(problem?.status);
      }),
      { numRuns: 1_000 },
    );
  });

  it('tell whoever was told of the end, and nobody of an update or an end who was not told before', () => {
    fc.assert(
      fc.property(copies, fc.boolean(), (all, isOwned) => {
        const observations = isOwned ? all : all.map((copy) => ({ ...copy, accountId: '777788889999' }));
        const open = new Set<string>();
        let problem: Problem | undefined;

        for (const observation of observations) {
          const step = tellAll([observation], problem);
          problem = step.problem;
          for (const { action, to } of step.told.flat()) {
            expect(open.has(to)).toBe(action !== 'post');
            if (action === 'post') open.add(to);
            if (action === 'resolve') open.delete(to);
          }

          if (problem !== undefined && problem.status !== 'open') expect([...open]).toEqual([]);
          if (problem?.status === 'open')
            expect(Object.values(problem.told).map(({ destination }) => destinationLabel(destination))).toEqual([
              ...open,
            ]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('are all counted, but for those that say nothing', () => {
    fc.assert(
      fc.property(copies, (all) => {
        const problem = absorbed(all);

        expect(problem?.timesSeen ?? 0).toBe(all.filter(({ state }) => state !== 'undetermined').length);
        expect(problem?.version ?? 0).toBe(problem?.timesSeen ?? 0);
      }),
    );
  });

  it('1,000 times the same are one message', () => {
    const { told, problem } = tellAll(
      Array.from({ length: 1_000 }, () => guardDuty),
      undefined,
    );

    expect(told.flat()).toEqual([]);
    expect(problem).toMatchObject({ timesSeen: 1_000, status: 'open' });
    expect(
      tellAll(
        Array.from({ length: 1_000 }, () => guardDuty),
        undefined,
        contextOf('issue'),
      ).told.flat(),
    ).toEqual([
      { action: 'post', to: '#payments-guardduty' },
      { action: 'post', to: '#sec-guardduty' },
    ]);
  });
});

describe('what a problem remembers', () => {
  it('is the first time it was seen, also from a copy that came late', () => {
    const early = { ...guardDuty, firstSeenAt: guardDuty.updatedAt - 90 * MINUTE };
    const late = { ...guardDuty, updatedAt: guardDuty.updatedAt + MINUTE };

    expect(absorbed([late, early])?.firstSeenAt).toBe(early.firstSeenAt);
    expect(absorbed([early, late])?.firstSeenAt).toBe(early.firstSeenAt);
  });

  it('is no date in the far future', () => {
    const future = { ...guardDuty, updatedAt: TEST_NOW * 2, lastSeenAt: TEST_NOW * 2 };

    expect(absorbed([future])).toMatchObject({ lastSeenAt: TEST_NOW, observation: { updatedAt: TEST_NOW } });
  });

  it('is that a scheduled change was heard of before it starts', () => {
    const start = 'Sun, 25 Jan 2026 11:30:00 GMT';

    const problem = absorbed([
      firstOf({ of: 'health', set: { 'detail.startTime': start, 'detail.statusCode': 'upcoming' } }),
    ]);

    expect(problem?.firstSeenAt).toBe(Date.UTC(2026, 0, 4, 12));
    expect(problem?.observation.firstSeenAt).toBe(Date.parse(start));
  });

  it('is bounded, however many ways the copies came', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      ...guardDuty,
      origin: `asff:${index}`,
      title: `t${index}`,
    }));

    expect(Object.keys(absorbed(many)?.texts ?? {}).length).toBeLessThanOrEqual(20);
  });
});

describe('affected entities of a Health event', () => {
  const page = (number: number, from: number, count: number, communication = 'a'.repeat(40)): EventRecipe => ({
    of: 'health',
    set: {
      'detail.communicationId': `${communication}-${number}`,
      'detail.page': String(number),
      'detail.totalPages': '3',
      'detail.affectedEntities': Array.from({ length: count }, (_, index) => ({ entityValue: `i-${from + index}` })),
    },
  });
  const three = [page(1, 0, 150), page(2, 150, 150), page(3, 300, 20)].map(firstOf);

  it('are counted over all pages, in whatever order and however often they come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...three, ...three, ...three], { minLength: 9 }), (order) => {
        expect(absorbed(order)?.observation.resourceCount).toBe(320);
      }),
    );
  });

  it('start anew with a new communication', () => {
    const next = { ...firstOf(page(1, 1_000, 5, 'b'.repeat(40))), updatedAt: guardDuty.updatedAt + 60 * MINUTE };

    const resources = absorbed([...three, next])?.observation;

    expect(resources?.resourceCount).toBe(5);
    expect(resources?.resources.map(({ id }) => id)).toEqual(['i-1000', 'i-1001', 'i-1002', 'i-1003', 'i-1004']);
  });
});
