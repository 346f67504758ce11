import { type Hub, openHub } from '#apps/lambda/hub.ts';
import { type BatchAnswer, except, type SqsBatch } from '#apps/lambda/sqs-batch.ts';
import { messageOf } from '#core/errors/yagura-error.ts';
import { parseDocument } from '#core/intake/parse-document.ts';
import { acceptEvents, type IncomingEvent } from '#engine/accept-events.ts';

/** SQS -> problems and outbox. A batch that fails is tried message by message, so that one cannot hold up the others. */
export async function handler(batch: SqsBatch): Promise<BatchAnswer> {
  const hub = await openHub();
  try {
    await accept(
      batch.Records.flatMap((record) => eventsOf(record.body)),
      hub,
    );
    return except([]);
  } catch (thrown) {
    hub.log.warn({ err: thrown }, 'the batch failed; taking its messages one by one');
    return except(await oneByOne(batch, hub));
  }
}

async function oneByOne(batch: SqsBatch, hub: Hub): Promise<string[]> {
  const failed: string[] = [];
  for (const record of batch.Records) {
    try {
      await accept(eventsOf(record.body), hub);
    } catch (thrown) {
      hub.log.error(
        { messageId: record.messageId, err: thrown },
        `an event could not be accepted: ${messageOf(thrown)}`,
      );
      failed.push(record.messageId);
    }
  }
  return failed;
}

async function accept(events: readonly IncomingEvent[], hub: Hub): Promise<void> {
  const report = await acceptEvents(events, hub.intake);
  await hub.nudge(report.queuedItems);
}

/** What is no JSON at all is kept as an event that was not understood. */
function eventsOf(body: string): IncomingEvent[] {
  const { events, errors } = parseDocument(body);
  return errors.length === 0 ? [...events] : [{ event: body, raw: body }];
}
