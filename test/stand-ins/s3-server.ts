import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type S3Call = {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifMatch: string | undefined;
};

export type S3Server = { readonly url: string; readonly calls: readonly S3Call[]; close(): Promise<void> };

/** An HTTP endpoint on loopback that answers S3's calls as a test says and remembers them. */
export async function startS3Server(answer: (call: S3Call, response: ServerResponse) => void): Promise<S3Server> {
  const calls: S3Call[] = [];
  const server = createServer((request, response) => {
    const call = callOf(request);
    calls.push(call);
    answer(call, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a TCP port, so the address is not a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers with an error in S3's XML. */
export function s3Error(response: ServerResponse, status: number, code: string, message = code): void {
  response.writeHead(status, { 'content-type': 'application/xml', 'x-amz-request-id': 'request-0001' });
  response.end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

function callOf(request: IncomingMessage): S3Call {
  return { path: request.url ?? '/', range: request.headers.range, ifMatch: request.headers['if-match'] };
}
