import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a handler answers: a JSON body, an XML text (STS speaks XML), or an AWS error in JSON. */
export type AwsAnswer =
  | { readonly body: unknown }
  | { readonly xml: string; readonly status?: number }
  | { readonly error: string; readonly message?: string; readonly status?: number };

export type AwsCall = {
  readonly path: string;
  readonly target: string;
  readonly input: Record<string, unknown>;
  readonly authorization: string;
  readonly userAgent: string;
};

/** `target` is the operation's name without the service prefix. */
export type AwsJsonHandler = (call: AwsCall) => AwsAnswer | Promise<AwsAnswer>;

export type AwsJsonServer = {
  readonly url: string;
  readonly calls: AwsCall[];
  callsOf(target: string): AwsCall[];
  close(): Promise<void>;
};

/** An HTTP endpoint on loopback that speaks AWS's JSON protocols (1.0 and 1.1) and remembers what it was asked. */
export async function startAwsJsonServer(handler: AwsJsonHandler): Promise<AwsJsonServer> {
  const calls: AwsCall[] = [];
  const server = createServer((request, response) => void answer(handler, calls, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a TCP port, so the address is not a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    callsOf: (target) => calls.filter((call) => call.target === target),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function answer(
  handler: AwsJsonHandler,
  calls: AwsCall[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await bodyOf(request);
  const form = request.headers['x-amz-target'] === undefined;
  const target = form
    ? (new URLSearchParams(text).get('Action') ?? '')
    : String(request.headers['x-amz-target']).split('.').at(-1);
  const call: AwsCall = {
    path: request.url ?? '/',
    target: target ?? '',
    // The SDK sends JSON objects, or a form for STS.
    input: form
      ? Object.fromEntries(new URLSearchParams(text))
      : (JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>),
    authorization: String(request.headers.authorization ?? ''),
    userAgent: String(request.headers['user-agent'] ?? ''),
  };
  calls.push(call);
  const result = await handler(call);
  if ('body' in result) return send(response, 200, 'application/x-amz-json-1.1', JSON.stringify(result.body));
  if ('xml' in result) return send(response, result.status ?? 200, 'text/xml', result.xml);
  send(
    response,
    result.status ?? 400,
    'application/x-amz-json-1.1',
    JSON.stringify({ __type: result.error, message: result.message ?? result.error }),
  );
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': 'request-0001' });
  response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
