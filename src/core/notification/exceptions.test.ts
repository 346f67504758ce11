import { describe, expect, it } from 'vitest';
import { awsEvent, type EventRecipe } from '../../../test/stand-ins/events/aws-events.ts';
import { contextOf, follow, TEST_NOW } from '../../../test/stand-ins/events/fates.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { ProblemKey } from '../finding/observation.ts';
import { observe } from '../intake/observe.ts';
import { configExceptions, exceptionChanges } from './config-exceptions.ts';
import { announce, type DecisionContext } from './decide.ts';
import { destinationLabel } from './destination.ts';
import type { Exception, ExceptionScope } from './exception.ts';
import { coveringException } from './exception-match.ts';

const DAY = 86_400_000;

function exception(scope: ExceptionScope, parts: Partial<Exception> = {}): Exception {
  return {
    id: 'e1',
    scope,
    reason: 'public website',
    owner: 'web-team',
    createdBy: 'cli:somebody',
    createdAt: TEST_NOW - DAY,
    expiresAt: TEST_NOW + DAY,
    removedAt: null,
    removedBy: null,
    silenced: 0,
    ...parts,
  };
}

function within(exceptions: readonly Exception[], now: number = TEST_NOW): DecisionContext {
  return { ...contextOf('issue', now), exceptions, now };
}

function lines(recipes: readonly EventRecipe[], context: DecisionContext): string[] {
  return follow(recipes.map(awsEvent), context).fates.map(({ line }) => line);
}

describe('an accepted risk', () => {
  it.each<[string, ExceptionScope, boolean]>([
    ['the control', { type: 'S3.8' }, true],
    ['another control', { type: 'S3.1' }, false],
    ['a pattern of controls', { type: 'S3.*' }, true],
    ['the account', { accountId: '111122223333' }, true],
    ['another account', { accountId: '222233334444' }, false],
    ['the resource', { resource: 'arn:aws:s3:::example-exports' }, true],
    ['a beginning of the resource', { resource: 'arn:aws:s3:::example-*' }, true],
    ['another resource', { resource: 'arn:aws:s3:::example' }, false],
    ['the team', { team: 'payments' }, true],
    ['another team', { team: 'web' }, false],
    [
      'the problem',
      { problemKey: 'control:S3.8|111122223333|ap-northeast-1|arn:aws:s3:::example-exports' as ProblemKey },
      true,
    ],
    ['all that is named', { type: 'S3.8', accountId: '111122223333', team: 'payments' }, true],
    ['only a part of what is named', { type: 'S3.8', accountId: '222233334444' }, false],
    ['nothing at all', {}, false],
  ])('that names %s covers the finding: %s %s', (_what, scope, isCovered) => {
    const expected = isCovered ? 'drop exception' : 'post #payments-securityhub';

    expect(lines(['control'], within([exception(scope)]))).toEqual([expected]);
  });

  it('covers no longer when it was removed or has expired', () => {
    const ended = [
      exception({ type: 'S3.8' }, { removedAt: TEST_NOW - 1, removedBy: 'cli:somebody' }),
      exception({ type: 'S3.8' }, { expiresAt: TEST_NOW }),
    ];

    expect(ended.map((one) => lines(['control'], within([one]))[0])).toEqual([
      'post #payments-securityhub',
      'post #payments-securityhub',
    ]);
  });

  it('is the one that lasts longest when several cover', () => {
    const [observation] = observe(awsEvent('control')).observations;
    const all = [1, 3, 2].map((days) =>
      exception({ type: 'S3.8' }, { id: `${days}`, expiresAt: TEST_NOW + days * DAY }),
    );

    const found = observation === undefined ? undefined : coveringException(all, observation, null, TEST_NOW);

    expect(found?.id).toBe('3');
  });

  it('silences updates too, but who was told hears of the end', () => {
    const { problems } = follow([awsEvent('guardduty')], within([]));

    const { fates } = follow(
      [
        awsEvent({ of: 'guardduty', minutes: 10, set: { 'detail.service.count': 9 } }),
        awsEvent({ of: 'guardduty', minutes: 20, set: { 'detail.service.archived': true } }),
      ],
      within([exception({ accountId: '111122223333' })]),
      problems,
    );

    expect(fates.map(({ line }) => line)).toEqual([
      'drop exception',
      'resolve #payments-guardduty, resolve #sec-guardduty',
    ]);
  });

  it('that has ended leaves the next change, or the announcement, to tell everybody', () => {
    const { problems } = follow([awsEvent('guardduty')], within([exception({ accountId: '111122223333' })]));
    const [problem] = [...problems.values()];
    const later = within([exception({ accountId: '111122223333' })], TEST_NOW + 2 * DAY);

    const announced = problem === undefined ? undefined : announce(problem, later);
    const { fates } = follow(
      [awsEvent({ of: 'guardduty', minutes: 10, set: { 'detail.service.count': 9 } })],
      later,
      problems,
    );

    expect(problem?.exceptionId).toBe('e1');
    expect(announced?.problem).toMatchObject({ exceptionId: null });
    expect(announced?.entries.map(({ routed, action }) => `${action} ${destinationLabel(routed.destination)}`)).toEqual(
      ['post #payments-guardduty', 'post #sec-guardduty'],
    );
    expect(fates.map(({ line }) => line)).toEqual(['post #payments-guardduty, post #sec-guardduty']);
  });
});

describe('exceptions of yagura.yaml', () => {
  function listed(now: number, ...entries: readonly string[]): Exception[] {
    const { config } = parseConfig(
      `exceptions:\n${entries.map((entry) => `  - { ${entry}, reason: r, owner: o }\n`).join('')}`,
    );
    return config === undefined ? [] : configExceptions(config, now);
  }

  it('last through the day they name, and never longer than 90 days', () => {
    const found = listed(TEST_NOW, 'type: a, expires: 2026-01-10', 'type: b, expires: 2099-01-01');

    expect(found.map(({ expiresAt }) => expiresAt)).toEqual([Date.UTC(2026, 0, 11), TEST_NOW + 90 * DAY]);
  });

  it('cannot be prolonged by reading the file again', () => {
    const before = listed(TEST_NOW, 'type: b, expires: 2099-01-01');

    expect(exceptionChanges(before, listed(TEST_NOW + 50 * DAY, 'type: b, expires: 2099-01-01'), TEST_NOW)).toEqual([]);
  });

  it('are stored once, end when they leave the file and come back when they return', () => {
    const now = listed(TEST_NOW, 'type: a, expires: 2026-01-10', 'account: "111122223333", expires: 2026-01-10');
    const [first] = now;

    const added = exceptionChanges([], now, TEST_NOW);
    const removed = exceptionChanges(now, now.slice(1), TEST_NOW + 5);
    const returned = exceptionChanges(removed.concat(now.slice(1)), now, TEST_NOW + 9);

    expect(added).toEqual(now);
    expect(removed).toEqual([{ ...first, removedAt: TEST_NOW + 5, removedBy: 'yagura.yaml' }]);
    expect(returned).toEqual([first]);
    expect(exceptionChanges(now, now, TEST_NOW)).toEqual([]);
  });

  it('leave those that people made alone', () => {
    expect(exceptionChanges([exception({ type: 'S3.8' })], [], TEST_NOW)).toEqual([]);
  });
});
