import { onTestFinished } from 'vitest';
import type { BundledLambda } from '../../../scripts/bundle-lambdas.ts';
import { awsEvent } from '../../stand-ins/events/aws-events.ts';
import { type SlackStandIn, startSlackStandIn } from '../../stand-ins/slack/slack-stand-in.ts';
import { type AwsHome, createAwsHome } from './aws-home.ts';

/** One team with one channel for everything, and the central team. */
export const SMALL_CONFIG = `
organization:
  accounts:
    - { id: "111122223333", name: payments-prod, environment: prod, team: payments }
teams:
  payments:
    name: Payments
    slack: { guardduty: "#payments", securityhub: "#payments", health: "#payments" }
central:
  slack: { guardduty: "#central", securityhub: "#central", health: "#central" }
  minimumSeverity: { guardduty: CRITICAL, securityhub: CRITICAL, health: HIGH }
`;

export type SmallHome = { readonly aws: AwsHome; readonly slack: SlackStandIn };

/** A home of its own for one test, gone when the test is over. */
export async function smallHome(
  bundles: Readonly<Record<string, BundledLambda>>,
  config: string = SMALL_CONFIG,
): Promise<SmallHome> {
  const slack = await startSlackStandIn({ channels: ['#payments', '#central'] });
  const aws = await createAwsHome({ bundles, config, slack });
  onTestFinished(async () => {
    await aws.stop();
    await slack.stop();
  });
  return { aws, slack };
}

/** A failed S3 control about a bucket: the name tells its message from others. */
export function bucketFinding(name: string, more: Readonly<Record<string, string>> = {}): unknown {
  const arn = `arn:aws:s3:::${name}`;
  const set = { 'finding.Resources.0.Id': arn, 'finding.ProductFields.Resources:0/Id': arn, ...more };
  return awsEvent({ of: 'control', set });
}

/** Names of the buckets that a channel was told of, in order. */
export function bucketsIn(slack: SlackStandIn, channel: string): string[] {
  const posts = slack
    .messages(channel)
    .filter(({ threadTs, ephemeralFor }) => threadTs === null && ephemeralFor === null);
  return posts.map(({ blocks }) => /arn:aws:s3:::([\w-]+)/.exec(JSON.stringify(blocks))?.[1] ?? 'none');
}

/** Resolves when `isSo` holds; the test's own time limit ends a wait in vain. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}
