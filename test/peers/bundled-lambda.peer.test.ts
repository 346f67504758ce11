import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { lambdaNames } from '../../scripts/bundle-lambdas.ts';
import { motoMissing, resetMoto } from '../stand-ins/moto.ts';
import { type SlackStandIn, startSlackStandIn } from '../stand-ins/slack/slack-stand-in.ts';
import { type AwsHome, bundleAll, createAwsHome } from './bundled-lambda/aws-home.ts';
import { type EmbeddedHome, startEmbeddedHome } from './bundled-lambda/embedded-home.ts';
import { type AccountIds, createOrganization } from './bundled-lambda/organization.ts';
import { CHANNELS, CONFIG, story, WEBHOOKS } from './bundled-lambda/story.ts';

/** A channel as its readers see it: messages in order, each with its thread and what it said before it was edited. */
function asSeen(slack: SlackStandIn): unknown {
  const messages = slack.messages();
  const placeOf = (ts: string | null) => messages.filter((each) => each.ts === ts).map(({ text }) => text);
  const seen = messages.map(({ channel, text, blocks, versions, threadTs, webhook }) => ({
    ...{ channel, text, blocks, versions, webhook },
    inThreadOf: placeOf(threadTs),
  }));
  return Object.fromEntries(Map.groupBy(seen, ({ channel }) => channel));
}

const channelsOf = (slack: SlackStandIn) => [...new Set(slack.messages().map(({ channel }) => channel))].sort();

describe.skipIf(motoMissing)('the bundled functions and the embedded home', () => {
  let aws: AwsHome;
  let embedded: EmbeddedHome;
  let slackOfAws: SlackStandIn;
  let slackOfEmbedded: SlackStandIn;
  let ids: AccountIds;

  beforeAll(async () => {
    await resetMoto();
    const bundles = await bundleAll();
    ids = await createOrganization();
    [slackOfAws, slackOfEmbedded] = await Promise.all([
      startSlackStandIn({ channels: CHANNELS, webhooks: WEBHOOKS }),
      startSlackStandIn({ channels: CHANNELS, webhooks: WEBHOOKS }),
    ]);
    const webhooks = Object.keys(WEBHOOKS);
    aws = await createAwsHome({ bundles, config: CONFIG, slack: slackOfAws, webhooks });
    const variables = { AWS_ENDPOINT_URL: aws.gate.url, AWS_REGION: 'us-east-1' };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'embedded');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
    embedded = await startEmbeddedHome(CONFIG, slackOfEmbedded, webhooks);
    await (await aws.lambda('directory-refresh')).invoke({});
  });

  afterAll(async () => {
    await Promise.all([aws?.stop(), embedded?.stop()]);
    await Promise.all([slackOfAws?.stop(), slackOfEmbedded?.stop()]);
    vi.unstubAllEnvs();
  });

  const idOf = (name: string): string => ids.get(name) ?? 'missing';

  async function tellBoth(events: readonly unknown[]): Promise<void> {
    await Promise.all([aws.send(events), embedded.send(events)]);
    await Promise.all([aws.pump(), embedded.drained()]);
  }

  test('send the same messages for every kind of event', async () => {
    await tellBoth(story(idOf).first);

    expect(asSeen(slackOfAws)).toEqual(asSeen(slackOfEmbedded));
    expect(channelsOf(slackOfAws)).toEqual(
      [...CHANNELS, ...Object.values(WEBHOOKS)].map((name) => name.slice(1)).sort(),
    );
    expect(slackOfAws.messages().length).toBeGreaterThanOrEqual(12);
    expect(JSON.stringify(asSeen(slackOfAws))).toContain(`payments-prod (${idOf('payments-prod')})`);
  });

  test('edit and answer them alike when problems change', async () => {
    const before = slackOfAws.messages().length;

    await tellBoth(story(idOf).later);

    expect(asSeen(slackOfAws)).toEqual(asSeen(slackOfEmbedded));
    expect(slackOfAws.messages().length).toBeGreaterThan(before);
    expect(slackOfAws.messages().some(({ editedAt }) => editedAt !== null)).toBe(true);
  });

  test('close them alike when problems end', async () => {
    const before = slackOfAws.messages().length;

    await tellBoth(story(idOf).end);

    expect(asSeen(slackOfAws)).toEqual(asSeen(slackOfEmbedded));
    expect(slackOfAws.messages().length).toBeGreaterThan(before);
  });

  test('send nothing that Slack refuses', () => {
    const all = [...slackOfAws.requests, ...slackOfEmbedded.requests];
    // A message that was slow on its way may be followed too closely; then both wait and send it again.
    const refused = all.filter(({ error }) => error !== null && error !== 'ratelimited');

    expect(refused).toEqual([]);
  });

  test('keep what they do not know', async () => {
    expect(await aws.store.unknownCounts()).toEqual([
      { detailType: 'EC2 Instance State-change Notification', reason: 'unknown-kind', count: 1 },
    ]);
  });

  test('import in a moment', async () => {
    for (const name of lambdaNames) expect((await aws.lambda(name)).importMs).toBeLessThan(3_000);
  });
});
