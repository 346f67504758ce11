import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** A call as it leaves the SDK: `input` is DynamoDB's JSON. */
export type DynamoCall = { readonly target: string; readonly input: Record<string, unknown> };
/** An HTTP answer of DynamoDB; `lost` is one that never arrives. */
export type DynamoAnswer = { readonly status?: number; readonly body?: unknown } | 'lost';

type Request = { readonly headers: Readonly<Record<string, string>>; readonly body?: string | Uint8Array };

/**
 * A real SDK client whose requests go nowhere: each is answered by `answer`, so that errors are read from what AWS sends on the
 * wire. The SDK's own retries are off.
 */
export function createAnsweringClient(answer: (call: DynamoCall) => DynamoAnswer): {
  readonly client: DynamoDBClient;
  readonly calls: readonly DynamoCall[];
  callsOf(target: string): readonly DynamoCall[];
} {
  const calls: DynamoCall[] = [];
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    requestHandler: {
      handle: async ({ headers, body }: Request) => {
        const target = String(headers['x-amz-target']).split('.').at(-1) ?? '';
        // The SDK sends JSON objects.
        const call = {
          target,
          input: JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)) as Record<
            string,
            unknown
          >,
        };
        calls.push(call);
        const given = answer(call);
        if (given === 'lost') throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
        return {
          response: {
            statusCode: given.status ?? 200,
            headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'REQUEST0001' },
            body: Buffer.from(JSON.stringify(given.body ?? {})),
          },
        };
      },
    },
  });
  return { client, calls, callsOf: (target) => calls.filter((call) => call.target === target) };
}
