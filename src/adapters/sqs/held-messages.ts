import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { AwsAccess } from '#adapters/aws-clients/aws-clients.ts';
import { batches } from '#adapters/aws-clients/pages.ts';
import type { Sleeper } from '#ports/clock.ts';
import { queueUnavailable } from './queue-failure.ts';

export type HeldMessage = { readonly id: string; readonly receipt: string };

export type HeldMessages = {
  hold(message: HeldMessage): void;
  letGo(message: HeldMessage): void;
  /** Makes messages that nobody worked on visible to others again; what fails is told, and they come anyway. */
  giveBack(messages: readonly HeldMessage[]): Promise<void>;
};

type Settings = {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly access: AwsAccess;
  readonly sleeper: Sleeper;
  readonly visibilitySeconds: number;
  readonly failed: (message: HeldMessage, detail: string) => void;
};

const MOST_PER_CALL = 10;
/** Two beats may be lost before a message becomes visible. */
const BEATS_PER_VISIBILITY = 3;
/** Nothing can be changed any more: it is deleted, visible again, or was held for SQS's 12 hours. */
const OVER = /ReceiptHandleIsInvalid|MessageNotInflight|InvalidParameterValue/;

/** Keeps messages from others for as long as they are held, however long that is. */
export function createHeldMessages(settings: Settings): HeldMessages {
  const { sleeper, visibilitySeconds, failed } = settings;
  const held = new Set<HeldMessage>();
  let beating: AbortController | undefined;
  const letGo = (message: HeldMessage): void => {
    held.delete(message);
    if (held.size > 0) return;
    beating?.abort();
    beating = undefined;
  };
  const extend = async (messages: readonly HeldMessage[], seconds: number): Promise<void> => {
    for (const { message, detail, over } of await changeVisibility(settings, messages, seconds)) {
      // Whoever settled it meanwhile made the receipt worthless.
      if (!held.has(message) && seconds > 0) continue;
      failed(message, detail);
      if (over) letGo(message);
    }
  };
  const beat = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await sleeper.sleep((visibilitySeconds * 1000) / BEATS_PER_VISIBILITY, signal);
      if (!signal.aborted) await extend([...held], visibilitySeconds);
    }
  };
  return {
    hold: (message) => {
      held.add(message);
      if (beating !== undefined) return;
      beating = new AbortController();
      // Ends when nothing is held any more; its failures are told.
      void beat(beating.signal);
    },
    letGo,
    giveBack: async (messages) => {
      for (const message of messages) letGo(message);
      await extend(messages, 0);
    },
  };
}

type NotChanged = { readonly message: HeldMessage; readonly detail: string; readonly over: boolean };

async function changeVisibility(
  { client, queueUrl, access }: Settings,
  messages: readonly HeldMessage[],
  seconds: number,
): Promise<NotChanged[]> {
  const all: NotChanged[] = [];
  for (const batch of batches(messages, MOST_PER_CALL)) {
    const Entries = batch.map(({ receipt }, index) => ({
      Id: String(index),
      ReceiptHandle: receipt,
      VisibilityTimeout: seconds,
    }));
    try {
      const { Failed } = await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
      for (const { Id, Code = 'unknown error', Message = '' } of Failed ?? []) {
        const message = batch[Number(Id)];
        if (message !== undefined) all.push({ message, detail: `${Code} ${Message}`.trim(), over: OVER.test(Code) });
      }
    } catch (thrown) {
      const detail = queueUnavailable(thrown, 'ChangeMessageVisibility', queueUrl, access).message;
      all.push(...batch.map((message) => ({ message, detail, over: false })));
    }
  }
  return all;
}
