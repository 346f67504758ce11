import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HealthWorld, healthHandler } from '../../stand-ins/health.ts';
import { motoUrl } from '../../stand-ins/moto.ts';

/** One call of a function to AWS. `action` is spelled as in a policy: `dynamodb:PutItem`. */
export type GateCall = { readonly caller: string; readonly action: string; readonly body: string };

/** What happens instead: an answer of AWS, or nothing at all, before or after AWS has done it. */
export type GateFault = { readonly status: number; readonly body: unknown } | 'hang' | 'hang-after';

export type AwsGate = {
  readonly url: string;
  readonly calls: readonly GateCall[];
  /** Decides on each call while it is set; undefined lets it pass. */
  fault: ((call: GateCall) => GateFault | undefined) | undefined;
  /** What AWS Health knows; moto has no Health. */
  health: HealthWorld & { withoutPlan?: boolean };
  close(): Promise<void>;
};

const SERVICES: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  AWSOrganizationsV20161128: 'organizations',
  AWSHealth_20160804: 'health',
  secretsmanager: 'secretsmanager',
};

/**
 * Stands before moto as the endpoint of all services: notes who calls what, and can fail a call. Who calls is told by the access key,
 * which is the function's name; keys of an assumed role are learned from AWS's answer.
 */
export async function startAwsGate(): Promise<AwsGate> {
  const callers = new Map<string, string>();
  const calls: GateCall[] = [];
  // moto rolls a cancelled transaction back by restoring a copy of the whole table, with whatever other requests wrote meanwhile.
  let turn: Promise<unknown> = Promise.resolve();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const key = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const call = { caller: callers.get(key) ?? key, action: actionOf(request, body), body: body.toString('utf8') };
    calls.push(call);
    const fault = gate.fault?.(call);
    if (fault === 'hang') return;
    if (typeof fault === 'object') return send(response, fault.status, JSON.stringify(fault.body));
    if (call.action.startsWith('health:')) return sendHealth(call, request, response);
    const pass = () => forward(request, body);
    const answer = await (call.action.startsWith('dynamodb:') ? inTurn(pass) : pass());
    if (call.action === 'sts:AssumeRole')
      for (const [, assumed = ''] of answer.text().matchAll(/<AccessKeyId>([^<]+)</g))
        callers.set(assumed, call.caller);
    if (fault === 'hang-after') return;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  async function sendHealth(call: GateCall, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (gate.health.withoutPlan === true)
      return send(response, 400, JSON.stringify({ __type: 'SubscriptionRequiredException' }));
    const answer = await healthHandler(gate.health)({
      path: '/',
      target: call.action.slice('health:'.length),
      // The SDK sends JSON objects.
      input: JSON.parse(call.body) as Record<string, unknown>,
      authorization: request.headers.authorization ?? '',
      userAgent: '',
    });
    if ('body' in answer) return send(response, 200, JSON.stringify(answer.body));
    const error = 'error' in answer ? answer.error : 'InternalFailure';
    send(response, 400, JSON.stringify({ __type: error, message: 'refused' }));
  }

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return await done;
  }

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a TCP port, so the address is not a pipe's name.
  const { port } = server.address() as AddressInfo;
  const gate: AwsGate = {
    url: `http://127.0.0.1:${port}`,
    calls,
    fault: undefined,
    health: { events: [] },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return gate;
}

function actionOf(request: IncomingMessage, body: Buffer): string {
  const [prefix = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  const service = SERVICES[prefix];
  if (service !== undefined) return `${service}:${operation}`;
  const form = new URLSearchParams(body.toString('utf8')).get('Action');
  if (form !== null) return `sts:${form}`;
  return request.method === 'GET' ? 's3:GetObject' : `${request.method} ${request.url}`;
}

type Forwarded = {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  text(): string;
};

async function forward(request: IncomingMessage, body: Buffer): Promise<Forwarded> {
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && !/^(connection|content-length|expect|transfer-encoding|accept-encoding)$/.test(name)
      ? [[name, value]]
      : [],
  );
  const method = request.method ?? 'POST';
  const answer = await fetch(`${motoUrl()}${request.url}`, {
    method,
    headers,
    ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const kept = [...answer.headers].filter(
    ([name]) => !/^(connection|content-encoding|transfer-encoding|server)$/.test(name),
  );
  return { status: answer.status, headers: Object.fromEntries(kept), body: bytes, text: () => bytes.toString('utf8') };
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'request-0001' });
  response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
