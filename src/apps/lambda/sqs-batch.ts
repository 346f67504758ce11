/** The part of Lambda's SQS event that is used. */
export type SqsBatch = { readonly Records: readonly { readonly messageId: string; readonly body: string }[] };
/** Names the messages that have to come again; the others are deleted. */
export type BatchAnswer = { readonly batchItemFailures: { readonly itemIdentifier: string }[] };

/** All done, except these. */
export function except(messageIds: readonly string[]): BatchAnswer {
  return { batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })) };
}
