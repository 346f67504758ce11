import { keepUnknownOnce } from '#apps/lambda/keep-unknown-once.ts';
import { type BatchAnswer, except, type SqsBatch, type SqsRecord } from '#apps/lambda/lambda-event.ts';
import { watchOutbox } from '#apps/lambda/watch-outbox.ts';
import { messageOf } from '#core/errors/yagura-error.ts';
import { type ParsedEvent, parseDocument } from '#core/intake/parse-document.ts';
import { acceptEvents, type IntakePorts, type QueuedItem } from '#engine/accept-events.ts';

export type Taking = {
  readonly intake: IntakePorts;
  /** Told after each write, also of one that failed in part. */
  readonly onQueued: (items: readonly QueuedItem[]) => Promise<void>;
  readonly onFailure: (thrown: unknown, message: string, messageId?: string) => void;
  /** When to give back what was not reached yet. */
  readonly deadline: number;
};

/** SQS -> problems and outbox. A batch that fails is tried message by message, so that one cannot hold up the others. */
export async function takeBatch(batch: SqsBatch, taking: Taking): Promise<BatchAnswer> {
  try {
    await accept(batch.Records, taking);
    return except([]);
  } catch (thrown) {
    taking.onFailure(thrown, 'the batch failed; taking its messages one by one');
    return except(await oneByOne(batch.Records, taking));
  }
}

async function oneByOne(records: readonly SqsRecord[], taking: Taking): Promise<string[]> {
  const failed: string[] = [];
  for (const record of records) {
    try {
      if (taking.intake.clock.now() >= taking.deadline) throw new Error('the time of this run is over');
      await accept([record], taking);
    } catch (thrown) {
      taking.onFailure(thrown, `an event was not accepted and comes again: ${messageOf(thrown)}`, record.messageId);
      failed.push(record.messageId);
    }
  }
  return failed;
}

async function accept(records: readonly SqsRecord[], { intake, onQueued }: Taking): Promise<void> {
  const events = records.flatMap(({ messageId, body }) => eventsIn(body).map((event) => ({ ...event, messageId })));
  const { store, queued } = watchOutbox(keepUnknownOnce(intake.store, events), intake.random);
  try {
    await acceptEvents(events, { ...intake, store });
  } finally {
    await onQueued(queued);
  }
}

/** What is no JSON at all is kept as an event that was not understood. */
function eventsIn(body: string): readonly ParsedEvent[] {
  const { events, errors } = parseDocument(body);
  return errors.length === 0 ? events : [{ event: body, raw: body }];
}
