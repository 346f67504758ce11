import { handleSlackRequest } from '#adapters/slack/handle-slack-request.ts';
import type { HttpAnswer, HttpEvent } from '#apps/lambda/lambda-event.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { Clock, Sleeper } from '#ports/clock.ts';
import type { SecretSource } from '#ports/secret-source.ts';
import type { SlackInteraction } from '#ports/slack-actions.ts';
import type { WorkQueue } from '#ports/work-queue.ts';

export type Endpoint = {
  readonly secrets: SecretSource;
  readonly clock: Clock;
  readonly sleeper: Sleeper;
  readonly queue: WorkQueue;
  readonly newId: () => string;
  readonly openForm: (interaction: SlackInteraction) => Promise<void>;
  readonly onNote: (status: number, note: string) => void;
};

/** Slack gives up, and the trigger of a form ends, after three seconds. */
const FORM_MS = 2_700;

/** Verifies Slack's signature, hands the work on and answers, all well within three seconds. */
export async function answerSlack(event: HttpEvent, endpoint: Endpoint): Promise<HttpAnswer> {
  const { secrets, clock, onNote } = endpoint;
  const receivedAt = clock.now();
  const signingSecret = await secrets.secret('slackSigningSecret');
  if (signingSecret === undefined) return { statusCode: 404, headers: {}, body: 'no signing secret is set' };
  const rawBody = Buffer.from(event.body ?? '', event.isBase64Encoded === true ? 'base64' : 'utf8');
  const answer = await handleSlackRequest({
    ...{ rawBody, signingSecret },
    headers: event.headers,
    now: clock.now(),
    enqueue: (interaction) => handOn(interaction, receivedAt, endpoint),
  });
  if (answer.note !== undefined) onNote(answer.status, answer.note);
  return { statusCode: answer.status, headers: answer.headers, body: answer.body };
}

async function handOn(interaction: SlackInteraction, receivedAt: number, endpoint: Endpoint): Promise<void> {
  // A form can be opened for three seconds after the click: that is too short for a queue.
  if (interaction.kind === 'accept-risk-open') return await openInTime(interaction, receivedAt, endpoint);
  const job = { group: interaction.problem, id: endpoint.newId(), body: JSON.stringify(interaction) };
  const [refused] = await endpoint.queue.enqueue([job]);
  if (refused !== undefined) throw new YaguraError('queue.unavailable', refused.reason);
}

async function openInTime(
  interaction: SlackInteraction,
  receivedAt: number,
  { clock, sleeper, openForm }: Endpoint,
): Promise<void> {
  const timer = new AbortController();
  const late = sleeper.sleep(receivedAt + FORM_MS - clock.now(), timer.signal).then(() => {
    throw new YaguraError('store.unavailable', 'the form could not be opened in time; press the button again');
  });
  late.catch(() => undefined);
  try {
    await Promise.race([openForm(interaction), late]);
  } finally {
    timer.abort();
  }
}
