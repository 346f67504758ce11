import { createLogger } from '#adapters/logger/logger.ts';
import { createSecretsManagerSecrets } from '#adapters/secrets/secrets-manager.ts';
import { handleSlackRequest } from '#adapters/slack/handle-slack-request.ts';
import { createSqsWorkQueue } from '#adapters/sqs/sqs-work-queue.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { createSystemRandom } from '#adapters/system/random.ts';
import { needed, openHub } from '#apps/lambda/hub.ts';
import { responderOf } from '#apps/lambda/slack-responder.ts';
import { actOnSlack } from '#engine/act-on-slack.ts';
import type { SlackInteraction } from '#ports/slack-actions.ts';

/** The part of an HTTP API (payload 2.0) or function URL event that is used. */
export type HttpEvent = {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
};
export type HttpAnswer = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

const clock = createSystemClock();
const log = createLogger({ level: 'info' });
const secrets = createSecretsManagerSecrets({
  secretId: needed(process.env, 'YAGURA_SECRET_ID'),
  clock,
  onProblem: (problem) => log.warn(problem),
});

/** Verifies Slack's signature, hands the work on and answers, all well within three seconds. */
export async function handler(event: HttpEvent): Promise<HttpAnswer> {
  const signingSecret = await secrets.secret('slackSigningSecret');
  if (signingSecret === undefined) return { statusCode: 404, headers: {}, body: 'no signing secret is set' };
  const rawBody = Buffer.from(event.body ?? '', event.isBase64Encoded === true ? 'base64' : 'utf8');
  const queue = createSqsWorkQueue({ queueUrl: needed(process.env, 'YAGURA_SLACK_QUEUE_URL') });
  const answer = await handleSlackRequest({
    ...{ rawBody, signingSecret },
    headers: event.headers,
    now: clock.now(),
    enqueue: async (interaction) => {
      // A form can be opened for three seconds after the click: that is too short for a queue.
      if (interaction.kind === 'accept-risk-open') return openForm(interaction);
      const [refused] = await queue.enqueue([
        { group: interaction.problem, id: createSystemRandom().id(), body: JSON.stringify(interaction) },
      ]);
      if (refused !== undefined) throw new Error(refused.reason);
    },
  });
  if (answer.note !== undefined) log.info({ status: answer.status }, `Slack request: ${answer.note}`);
  return { statusCode: answer.status, headers: answer.headers, body: answer.body };
}

async function openForm(interaction: SlackInteraction): Promise<void> {
  const hub = await openHub();
  await actOnSlack(interaction, { ...hub.intake, responder: responderOf(hub) });
}
