import { describe, expect, it } from 'vitest';
import { channelsConfig } from './configurations.ts';
import { type Resource, resourcesOf, type SynthesizedStack, stackNamed, synthesize } from './synthesized.ts';

type Target = { readonly Arn: unknown; readonly DeadLetterConfig?: unknown; readonly RoleArn?: unknown };

const hubBus = 'arn:aws:events:ap-northeast-1:444455556666:event-bus/yagura';
const synthesized = synthesize(channelsConfig);
const { stacks } = synthesized;
const hub = stackNamed(synthesized, 'YaguraHub');

const rulesOf = (given: readonly SynthesizedStack[]): Resource[] => resourcesOf(given, 'AWS::Events::Rule');
const isScheduled = (rule: Resource): boolean => rule.Properties['ScheduleExpression'] !== undefined;
const targetsOf = (rule: Resource): Target[] => rule.Properties['Targets'] as Target[];
const sendsToABus = (rule: Resource): boolean =>
  targetsOf(rule).some(({ Arn }) => typeof Arn === 'string' && Arn.includes(':event-bus/'));
const standsOnTheHubBus = (rule: Resource): boolean => rule.Properties['EventBusName'] !== undefined;

function patternNames(account: string, region: string): string[] {
  return rulesOf(stacks.filter((stack) => stack.account === account && stack.region === region))
    .filter((rule) => !isScheduled(rule))
    .map((rule) => String(rule.Properties['Name']))
    .sort();
}

function detailTypes(account: string, region: string): string[] {
  return rulesOf(stacks.filter((stack) => stack.account === account && stack.region === region))
    .filter((rule) => !isScheduled(rule) && !standsOnTheHubBus(rule))
    .flatMap((rule) => (rule.Properties['EventPattern'] as { 'detail-type': string[] })['detail-type'])
    .sort();
}

describe('event rules', () => {
  const findings = [
    'AWS Health Abuse Event',
    'AWS Health Event',
    'Findings Imported V2',
    'GuardDuty Finding',
    'Security Hub Findings - Custom Action',
    'Security Hub Findings - Imported',
  ];

  it('cover the listed Regions, us-east-1 and us-west-2 in the hub account', () => {
    const regions = stacks.filter(({ account }) => account === '444455556666').map(({ region }) => region);

    expect(regions.sort()).toEqual(['ap-northeast-1', 'eu-west-1', 'us-east-1', 'us-west-2']);
  });

  it.each(['ap-northeast-1', 'eu-west-1', 'us-east-1', 'us-west-2'])('take all six kinds of events in %s', (region) => {
    expect(detailTypes('444455556666', region)).toEqual(findings);
  });

  it.each([
    [
      '444455556666',
      'ap-northeast-1',
      ['yagura-accounts', 'yagura-forwarded', 'yagura-guardduty', 'yagura-health', 'yagura-securityhub'],
    ],
    ['444455556666', 'eu-west-1', ['yagura-guardduty', 'yagura-health', 'yagura-securityhub']],
    ['444455556666', 'us-east-1', ['yagura-guardduty', 'yagura-health', 'yagura-securityhub']],
    ['444455556666', 'us-west-2', ['yagura-guardduty', 'yagura-health', 'yagura-securityhub']],
    ['777788889999', 'us-east-1', ['yagura-controltower', 'yagura-health', 'yagura-organizations']],
    ['777788889999', 'us-west-2', ['yagura-controltower', 'yagura-health']],
    ['777788889999', 'ap-northeast-1', ['yagura-controltower', 'yagura-health']],
  ])('are counted: account %s, %s', (account, region, names) => {
    expect(patternNames(account, region)).toEqual(names);
  });

  it('are 21 with a pattern and 3 on a schedule in all', () => {
    const all = rulesOf(stacks);

    expect(all.filter((rule) => !isScheduled(rule))).toHaveLength(21);
    expect(all.filter(isScheduled).map((rule) => rule.Properties['ScheduleExpression'])).toEqual([
      'rate(1 minute)',
      'rate(1 hour)',
      'rate(5 minutes)',
    ]);
  });

  it('govern us-east-1 and us-west-2 when no Region is listed at all', () => {
    const bare = synthesize(channelsConfig.replace(/ {2}regions:.*\n/, ''), { slackApp: 'false' });

    expect(bare.settings.governedRegions).toEqual(['ap-northeast-1', 'us-east-1', 'us-west-2']);
    expect(bare.stacks.map(({ name }) => name)).toContain('YaguraRegion-us-west-2');
  });

  it('need no stack for a home Region that is us-east-1', () => {
    const virginia = synthesize(channelsConfig.replace('homeRegion: ap-northeast-1', 'homeRegion: us-east-1'));

    expect([...virginia.constructs.keys()]).toEqual([
      'YaguraManagement',
      'YaguraManagement-us-west-2',
      'YaguraHub',
      'YaguraRegion-ap-northeast-1',
      'YaguraRegion-eu-west-1',
      'YaguraRegion-us-west-2',
    ]);
  });

  it('hear of Organizations in us-east-1 of the management account, of calls that succeeded', () => {
    const [rule] = rulesOf([stackNamed(synthesized, 'YaguraManagement')]).filter(
      ({ Properties }) => Properties['Name'] === 'yagura-organizations',
    );

    expect(rule?.Properties['EventPattern']).toMatchObject({
      source: ['aws.organizations'],
      detail: {
        eventName: expect.arrayContaining(['CreateAccountResult', 'MoveAccount', 'CloseAccount']),
        errorCode: [{ exists: false }],
      },
    });
  });
});

describe('forwarded events', () => {
  it('go to the hub bus of the home Region, never elsewhere', () => {
    const forwarding = rulesOf(stacks.filter((stack) => stack.name !== 'YaguraHub'));

    expect(forwarding).toHaveLength(16);
    for (const rule of forwarding) expect(targetsOf(rule).map(({ Arn }) => Arn)).toEqual([hubBus]);
  });

  it('come from default buses only, so that what was forwarded is not forwarded again', () => {
    const forwarding = rulesOf(stacks).filter(sendsToABus);

    expect(forwarding.filter(standsOnTheHubBus)).toEqual([]);
  });

  it('end at the hub: its rules send to a queue or a function', () => {
    const arrivals = rulesOf([hub]);

    expect(arrivals.filter(sendsToABus)).toEqual([]);
    const targetTypes = arrivals
      .flatMap(targetsOf)
      .map(({ Arn }) => hub.resources[(Arn as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0]]?.Type);
    expect([...new Set(targetTypes)].sort()).toEqual(['AWS::Lambda::Function', 'AWS::SQS::Queue']);
  });

  it('go straight to the intake queue in the home Region', () => {
    const home = rulesOf([hub]).filter((rule) => !isScheduled(rule) && !standsOnTheHubBus(rule));

    const targets = home.flatMap(targetsOf).map(({ Arn }) => JSON.stringify(Arn));
    expect(home).toHaveLength(3);
    expect(new Set(targets).size).toBe(1);
    expect(targets[0]).toMatch(/QueuesIntake[0-9A-F]{8}"/);
  });

  it('are kept in a dead-letter queue when they cannot be delivered', () => {
    const toQueueOrBus = rulesOf(stacks).filter(
      (rule) => !isScheduled(rule) && rule.Properties['Name'] !== 'yagura-accounts',
    );

    for (const rule of toQueueOrBus)
      for (const target of targetsOf(rule))
        expect(target.DeadLetterConfig, String(rule.Properties['Name'])).toBeDefined();
  });

  it('are let in for the two forwarding accounts of this organization only', () => {
    const [policy] = resourcesOf([hub], 'AWS::Events::EventBusPolicy');

    expect(policy?.Properties['Statement']).toMatchObject({
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Condition: {
        StringEquals: {
          'aws:PrincipalOrgID': 'o-exampleorgid',
          'aws:PrincipalAccount': ['444455556666', '777788889999'],
        },
      },
    });
  });
});
