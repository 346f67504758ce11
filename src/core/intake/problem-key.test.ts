import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awsEvent, type EventRecipe } from '../../../test/stand-ins/events/aws-events.ts';
import { observe } from './observe.ts';
import { accountKey, controlKey, guardDutyKey, healthKey, productFindingKey } from './problem-key.ts';

const part = fc.oneof(
  fc.string(),
  fc.stringMatching(/^[ab|%:257C]{0,6}$/),
  fc.string({ minLength: 300, maxLength: 400 }),
  fc.constantFrom('a|b', 'a%7Cb', 'a%257Cb', 'a', 'b', '', '|', '%'),
);
const parts = fc.tuple(part, part, part, part);
const makers = [
  ([control, account, region, resource]: Parts) => controlKey(control, account, region, resource),
  ([product, account, region, id]: Parts) => productFindingKey(product, account, region, id),
] as const;
type Parts = [string, string, string, string];

describe('problem keys', () => {
  it('differ whenever a part differs, whatever the parts hold', () => {
    fc.assert(
      fc.property(fc.constantFrom(...makers), parts, parts, (make, a, b) => {
        expect(make(a) === make(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keep apart a separator and what it is written as', () => {
    expect(controlKey('a|b', '', '', '')).not.toBe(controlKey('a%7Cb', '', '', ''));
    expect(controlKey('a', 'b|c', 'd', 'e')).not.toBe(controlKey('a', 'b', 'c|d', 'e'));
  });

  it('of different kinds never meet', () => {
    fc.assert(
      fc.property(parts, ([a, b, c, d]) => {
        const keys = [
          guardDutyKey(a),
          controlKey(a, b, c, d),
          productFindingKey(a, b, c, d),
          healthKey(a, b),
          accountKey(a, b, c),
        ];

        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('fit a sort key of DynamoDB', () => {
    const keys = [
      guardDutyKey('x'.repeat(8_192)),
      controlKey('漢'.repeat(2_000), 'a', 'b', 'c'),
      healthKey('x'.repeat(5_000), null),
    ];

    expect(keys.map((key) => Buffer.byteLength(key) <= 700)).toEqual([true, true, true]);
  });

  it.each<[string, EventRecipe, string]>([
    ['GuardDuty', 'guardduty', 'guardduty:16afba5c5c43e07c9e3e5e2e544e95df'],
    ['a control', 'control', 'control:S3.8|111122223333|ap-northeast-1|arn:aws:s3:::example-exports'],
    [
      'another finding',
      'inspector',
      'finding:aws/inspector|111122223333|ap-northeast-1|arn:aws:inspector2:ap-northeast-1:111122223333:finding/FINDING_ID_0001',
    ],
    [
      'Health',
      'health',
      'health:111122223333|arn:aws:health:ap-northeast-1::event/EC2/AWS_EC2_OPERATIONAL_ISSUE/AWS_EC2_OPERATIONAL_ISSUE_7f35c8ae-af1f-54e6-a526-d0179ed6d68f',
    ],
    ['an account', 'account-created', 'account:888877776666|created'],
  ])('of %s stay as they are: stored problems depend on them', (_what, recipe, key) => {
    expect(observe(awsEvent(recipe)).observations[0]?.key).toBe(key);
  });
});
