import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { costTable, withCostTable } from '../../deploy/cdk/cost/cost-table.ts';
import { type Counted, costLines, reference, slackAppLines, totalOf } from '../../deploy/cdk/cost/monthly-cost.ts';
import { resourcesOf, type SynthesizedStack, stackNamed, synthesize } from './synthesized.ts';

const teams = Array.from(
  { length: reference.webhooks },
  (_, index) => `  team-${index}: { name: Team ${index}, slack: { guardduty: { webhook: url-${index} } } }`,
);
const accounts = Array.from({ length: reference.accounts }, (_, index) => {
  const id = `${String(index % 10).repeat(4)}${String(Math.floor(index / 10)).repeat(4)}9999`;
  return `    - { id: "${id}", name: account-${index}, team: team-${index % reference.webhooks} }`;
});
const referenceConfig = `
organization:
  accounts:
${accounts.join('\n')}
teams:
${teams.join('\n')}
deployment:
  homeRegion: ${reference.homeRegion}
  regions: [${reference.governedRegions.join(', ')}]
  hubAccount: "444455556666"
  managementAccount: "777788889999"
  organizationId: o-exampleorgid
  alarmEmail: soc@example.com
`;

const webhooks = synthesize(referenceConfig);
const withSlackApp = synthesize(referenceConfig, { slackApp: 'true' });

// Every metric an alarm looks at is billed; one with a metric formula looks at several.
function alarmMetrics(stacks: readonly SynthesizedStack[]): number {
  return resourcesOf(stacks, 'AWS::CloudWatch::Alarm').reduce(
    (sum, { Properties }) => sum + ((Properties['Metrics'] as unknown[] | undefined)?.length ?? 1),
    0,
  );
}

const hub = stackNamed(webhooks, 'YaguraHub');
const inTemplates: Readonly<Record<Counted, number>> = {
  dashboards: resourcesOf(webhooks.stacks, 'AWS::CloudWatch::Dashboard').length,
  'hub-alarms': alarmMetrics([hub]),
  'region-alarms': alarmMetrics(webhooks.stacks.filter((stack) => stack !== hub)),
  secrets: resourcesOf(webhooks.stacks, 'AWS::SecretsManager::Secret').length,
  'kms-keys': resourcesOf(webhooks.stacks, 'AWS::KMS::Key').length,
};

describe('the monthly cost', () => {
  it.each(Object.entries(inTemplates))('says how many %s the templates have', (counted, count) => {
    expect(costLines.find((line) => line.counted === counted)?.quantity).toBe(count);
  });

  it('counts each queue that Lambda polls', () => {
    const polled = costLines.filter(({ what }) => what.en.includes('polling'));

    expect(polled).toHaveLength(resourcesOf([hub], 'AWS::Lambda::EventSourceMapping').length);
  });

  it('is under 5 USD for what exists: 100 accounts, 30 webhooks, alarms and dashboard at list price', () => {
    expect(totalOf(costLines, 'fixed')).toBeLessThan(5);
  });

  it('stays under 5 USD with the Slack app', () => {
    expect(totalOf([...costLines, ...slackAppLines], 'fixed')).toBeLessThan(5);
  });

  it('adds less than 1.50 USD of requests in an idle month, with the Slack app and without any free tier', () => {
    expect(totalOf([...costLines, ...slackAppLines], 'idle')).toBeLessThan(1.5);
  });

  it('names what the Slack app adds', () => {
    const large = stackNamed(withSlackApp, 'YaguraHub');

    const addedAlarms = alarmMetrics([large]) - alarmMetrics([hub]);
    const addedPolling =
      resourcesOf([large], 'AWS::Lambda::EventSourceMapping').length -
      resourcesOf([hub], 'AWS::Lambda::EventSourceMapping').length;
    expect(slackAppLines.filter(({ part }) => part === 'fixed').map(({ quantity }) => quantity)).toEqual([addedAlarms]);
    expect(slackAppLines.filter(({ part }) => part === 'idle')).toHaveLength(addedPolling);
  });

  it('comes from no other kind of resource than those that are free while idle or in the table', () => {
    const types = new Set(
      withSlackApp.stacks.flatMap(({ resources }) => Object.values(resources).map(({ Type }) => Type)),
    );

    expect([...types].sort()).toEqual([
      'AWS::ApiGatewayV2::Api',
      'AWS::ApiGatewayV2::Integration',
      'AWS::ApiGatewayV2::Route',
      'AWS::ApiGatewayV2::Stage',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::DynamoDB::Table',
      'AWS::Events::EventBus',
      'AWS::Events::EventBusPolicy',
      'AWS::Events::Rule',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::EventSourceMapping',
      'AWS::Lambda::Function',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
      'AWS::SNS::Subscription',
      'AWS::SNS::Topic',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
      'AWS::SecretsManager::Secret',
    ]);
  });

  it.each(['en', 'ja'] as const)('stands line by line in docs/%s/deployment.md', (language) => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs', language, 'deployment.md'), 'utf8');

    expect(guide).toContain(costTable(language));
    expect(withCostTable(guide, language)).toBe(guide);
  });
});
