import { createHash } from 'node:crypto';
import { type BatchAnswer, except, type SqsBatch, type SqsRecord } from '#apps/lambda/lambda-event.ts';
import { watchOutbox } from '#apps/lambda/watch-outbox.ts';
import type { QueuedItem } from '#engine/accept-events.ts';
import { actOnSlack, type SlackPorts } from '#engine/act-on-slack.ts';
import type { Random } from '#ports/clock.ts';
import type { SlackInteraction } from '#ports/slack-actions.ts';

export type Acting = {
  readonly ports: SlackPorts;
  readonly onQueued: (items: readonly QueuedItem[]) => Promise<void>;
  readonly onFailure: (thrown: unknown) => void;
};

/** Does what buttons asked for, one after the other. */
export async function actOnBatch(batch: SqsBatch, acting: Acting): Promise<BatchAnswer> {
  const failed: string[] = [];
  for (const record of batch.Records) {
    try {
      await act(record, acting);
    } catch (thrown) {
      acting.onFailure(thrown);
      failed.push(record.messageId);
    }
  }
  return except(failed);
}

async function act(record: SqsRecord, { ports, onQueued }: Acting): Promise<void> {
  const { store, queued } = watchOutbox(ports.store, ports.random);
  // Written by our own endpoint after it verified and parsed the request.
  const interaction = JSON.parse(record.body) as SlackInteraction;
  try {
    await actOnSlack(interaction, { ...ports, store, random: idsOf(record, ports.random) });
  } finally {
    await onQueued(queued);
  }
}

/** A message that comes twice makes the same thing twice, which is once. */
function idsOf({ messageId }: SqsRecord, random: Random): Random {
  let made = 0;
  return {
    next: () => random.next(),
    id: () => {
      made += 1;
      return createHash('sha256').update(`${messageId}#${made}`).digest('base64url').slice(0, 24);
    },
  };
}
