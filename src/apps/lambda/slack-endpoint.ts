import { createSqsWorkQueue } from '#adapters/sqs/sqs-work-queue.ts';
import { answerSlack } from '#apps/lambda/answer-slack.ts';
import { createContainer, needed } from '#apps/lambda/container.ts';
import { hubOf } from '#apps/lambda/hub.ts';
import type { HttpAnswer, HttpEvent } from '#apps/lambda/lambda-event.ts';
import { secretsOf } from '#apps/lambda/secrets.ts';
import { responderOf } from '#apps/lambda/slack-responder.ts';
import { actOnSlack } from '#engine/act-on-slack.ts';

const container = createContainer(process.env);
const open = hubOf(container);
const secrets = secretsOf(container);
const responder = responderOf(container.env, secrets);
const queue = createSqsWorkQueue({ queueUrl: needed(container.env, 'YAGURA_SLACK_QUEUE_URL') });
const { clock, sleeper, random, log } = container;

// Read while the function starts, because Slack waits three seconds for the first answer too; what fails is read again when it is needed.
void Promise.allSettled([secrets.secret('slackSigningSecret'), open()]);

/** Buttons and forms of Slack; only the form behind *accept risk* is opened here, everything else is the worker's. */
export async function handler(event: HttpEvent): Promise<HttpAnswer> {
  return await answerSlack(event, {
    ...{ secrets, clock, sleeper, queue },
    newId: () => random.id(),
    openForm: async (interaction) => actOnSlack(interaction, { ...(await open()).intake, responder }),
    onNote: (status, note) => log.info({ status }, `Slack request: ${note}`),
  });
}
