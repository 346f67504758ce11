import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRenderer } from '#adapters/message-renderer/renderer.ts';
import type { DecisionContext } from '#core/notification/decide.ts';
import { sampleOrganization } from '#core/sample-organization/sample-organization.ts';
import { type PreviewEntry, previewEvents } from '#engine/preview.ts';
import type { Renderer } from '#ports/renderer.ts';
import { awsEvent, type EventRecipe } from '../../test/stand-ins/events/aws-events.ts';
import { contextOf, TEST_NOW } from '../../test/stand-ins/events/fates.ts';

/** Says what it was given, so that a test can see it. */
const plainRenderer: Renderer = {
  message: ({ problem, account, audience, language, ownership }) => ({
    text: [problem.observation.title, account?.name ?? account?.id, audience, language, ownership].join(' / '),
    blocks: [],
  }),
  digests: () => [],
  reply: () => ({ text: '', blocks: [] }),
};

function preview(recipes: readonly EventRecipe[], context: DecisionContext = contextOf('issue')): PreviewEntry[] {
  return previewEvents(recipes.map(awsEvent), { context, renderer: plainRenderer, links: {} });
}

describe('a preview', () => {
  it('has one entry for each event and destination, in the order of the events', () => {
    const entries = preview(['guardduty', 'control', 'guardduty-asff', 'ec2-state']);

    expect(
      entries.map(({ event, kind, decision, action, destination }) => [event, kind, decision, action, destination]),
    ).toEqual([
      [0, 'guardduty', 'send', 'post', { kind: 'slack', channel: '#payments-guardduty' }],
      [0, 'guardduty', 'send', 'post', { kind: 'slack', channel: '#sec-guardduty' }],
      [1, 'securityhub', 'send', 'post', { kind: 'slack', channel: '#payments-securityhub' }],
      [2, 'guardduty', 'drop', 'none', undefined],
      [3, 'unknown', 'drop', 'none', undefined],
    ]);
  });

  it('names the problem, the account, its team and the severity', () => {
    const [entry] = preview(['control']);

    expect(entry).toEqual({
      event: 0,
      kind: 'securityhub',
      problemKey: 'control:S3.8|111122223333|ap-northeast-1|arn:aws:s3:::example-exports',
      account: { id: '111122223333', name: 'payments-prod', ou: 'Workloads/Prod', environment: 'prod' },
      team: 'payments',
      severity: 'HIGH',
      decision: 'send',
      reason: 'team "payments" owns the account and wants HIGH and above',
      action: 'post',
      destination: { kind: 'slack', channel: '#payments-securityhub' },
      message: {
        text: 'S3 general purpose buckets should block public access / payments-prod / team / ja / owned',
        blocks: [],
      },
    });
  });

  it('of a drop has neither destination nor message, but says why', () => {
    const [entry] = preview([{ of: 'control', set: { 'finding.Severity.Label': 'LOW' } }]);

    expect(entry).toMatchObject({
      decision: 'drop',
      action: 'none',
      severity: 'LOW',
      reason: 'LOW is below the floor HIGH',
    });
    expect(Object.keys(entry ?? {})).not.toContain('destination');
    expect(Object.keys(entry ?? {})).not.toContain('message');
  });

  it('follows a problem through update and end, and says the problem’s severity at the end', () => {
    const entries = preview([
      { of: 'control', set: { 'finding.Severity.Label': 'CRITICAL' } },
      { of: 'control', minutes: 5, set: { 'finding.Severity.Label': 'CRITICAL', 'finding.Title': 'Another' } },
      {
        of: 'control',
        minutes: 9,
        set: { 'finding.Compliance.Status': 'PASSED', 'finding.Severity.Label': 'INFORMATIONAL' },
      },
    ]);

    expect(
      entries.map(({ event, action, decision, severity, destination }) => [
        event,
        action,
        decision,
        severity,
        destination?.kind,
      ]),
    ).toEqual([
      [0, 'post', 'send', 'CRITICAL', 'slack'],
      [0, 'post', 'send', 'CRITICAL', 'slack'],
      [1, 'update', 'send', 'CRITICAL', 'slack'],
      [1, 'update', 'send', 'CRITICAL', 'slack'],
      [2, 'resolve', 'send', 'CRITICAL', 'slack'],
      [2, 'resolve', 'send', 'CRITICAL', 'slack'],
    ]);
  });

  it.each<[string, EventRecipe, Partial<PreviewEntry>]>([
    [
      'an account without a team',
      { of: 'control', set: { 'finding.AwsAccountId': '444455556666', 'finding.Severity.Label': 'LOW' } },
      {
        team: null,
        account: { id: '444455556666', name: 'shared-network', ou: 'Infrastructure', environment: 'prod' },
      },
    ],
    [
      'an unknown account',
      { of: 'control', set: { 'finding.AwsAccountId': '123456789', 'finding.AwsAccountName': 'hint' } },
      { team: null, account: { id: '123456789', name: 'hint', ou: null, environment: null } },
    ],
    [
      'a public Health event',
      { of: 'health', set: { 'detail.eventScopeCode': 'PUBLIC' }, without: ['detail.affectedAccount'] },
      { team: null, account: null, kind: 'health' },
    ],
    ['a new account', 'account-managed', { team: null, kind: 'account', severity: 'INFORMATIONAL' }],
  ])('goes to the central channel for %s', (_what, recipe, expected) => {
    const entries = preview([recipe], contextOf('company'));

    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ ...expected, decision: 'send', action: 'post' });
    expect(entries[0]?.destination).toMatchObject({ kind: 'slack', channel: expect.stringMatching(/^#(sec|soc)-/) });
  });

  it('tells of every finding of a custom action under the same event', () => {
    expect(preview(['custom-action']).map(({ event, problemKey }) => [event, problemKey.split('|')[0]])).toEqual([
      [0, 'control:S3.8'],
      [0, 'control:S3.2'],
    ]);
  });

  it('has an entry for every event, whatever it is, and a message for every destination', () => {
    const { events } = sampleOrganization({ endAt: TEST_NOW });
    const any = fc.oneof(fc.constantFrom(...events.map((event): unknown => event.envelope)), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (batch) => {
        const entries = previewEvents(batch, { context: contextOf('issue'), renderer: plainRenderer, links: {} });

        expect([...new Set(entries.map(({ event }) => event))]).toEqual(batch.map((_, index) => index));
        expect(entries.map(({ event }) => event)).toEqual(entries.map(({ event }) => event).toSorted((a, b) => a - b));
        for (const entry of entries) {
          expect(entry.destination !== undefined).toBe(entry.decision !== 'drop');
          expect(entry.message !== undefined).toBe(entry.decision !== 'drop');
          expect(entry.action === 'none').toBe(entry.decision === 'drop');
          expect(entry.reason).not.toBe('');
        }
      }),
      { numRuns: 100 },
    );
  });

  it('of the whole sample organization renders every message within the limits of Slack', () => {
    const sample = sampleOrganization({ endAt: TEST_NOW });
    const context = { ...contextOf('company'), now: TEST_NOW };

    const entries = previewEvents(
      sample.events.map((event) => event.envelope),
      { context, renderer: createRenderer(), links: { consoleUrl: 'http://127.0.0.1:8484' } },
    );

    const messages = entries.flatMap(({ message }) => (message === undefined ? [] : [message]));
    expect(messages.length).toBeGreaterThan(50);
    expect(messages.filter(({ blocks }) => blocks.length > 50 || JSON.stringify(blocks).length > 20_000)).toEqual([]);
    expect(messages.filter(({ text }) => text.trim() === '')).toEqual([]);
  });
});
