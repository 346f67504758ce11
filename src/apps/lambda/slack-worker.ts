import { openHub } from '#apps/lambda/hub.ts';
import { responderOf } from '#apps/lambda/slack-responder.ts';
import { type BatchAnswer, except, type SqsBatch } from '#apps/lambda/sqs-batch.ts';
import { actOnSlack } from '#engine/act-on-slack.ts';
import type { SlackInteraction } from '#ports/slack-actions.ts';

/** Does what a button asked for. */
export async function handler(batch: SqsBatch): Promise<BatchAnswer> {
  const hub = await openHub();
  const responder = responderOf(hub);
  const failed: string[] = [];
  for (const record of batch.Records) {
    try {
      // Written by our own endpoint after it verified and parsed the request.
      const interaction = JSON.parse(record.body) as SlackInteraction;
      await actOnSlack(interaction, { ...hub.intake, responder });
      await nudgeTold(interaction, hub);
    } catch (thrown) {
      hub.log.error({ err: thrown }, 'a Slack interaction failed; it will come again');
      failed.push(record.messageId);
    }
  }
  return except(failed);
}

async function nudgeTold(interaction: SlackInteraction, hub: Awaited<ReturnType<typeof openHub>>): Promise<void> {
  const now = hub.delivery.clock.now();
  const due = await hub.store.dueDestinations(now);
  await hub.nudge(
    due.map(({ destinationKey }) => ({ id: `slack#${interaction.messageTs}#${now}`, destinationKey, dueAt: now })),
  );
}
