/** The part of Lambda's SQS event that is used. */
export type SqsBatch = { readonly Records: readonly SqsRecord[] };
export type SqsRecord = {
  readonly messageId: string;
  readonly body: string;
  readonly attributes?: {
    /** Epoch ms, as text. */
    readonly SentTimestamp?: string;
  };
};

/** Names the messages that have to come again; the others are deleted. */
export type BatchAnswer = { readonly batchItemFailures: { readonly itemIdentifier: string }[] };

/** The part of the second argument of a handler that is used. */
export type LambdaContext = { getRemainingTimeInMillis(): number };

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

/** All done, except these. */
export function except(messageIds: readonly string[]): BatchAnswer {
  return { batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })) };
}
