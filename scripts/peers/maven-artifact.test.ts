import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideArtifact } from './maven-artifact.ts';

const path = 'org/example/peer/1.0/peer-1.0.tar.gz';
// No process has it: the kernel's highest id is lower.
const deadPid = 4_194_305;

describe('an artifact of a Maven repository', () => {
  let folder: string;
  let cache: string;
  let archive: Buffer;
  let server: Server;
  let ranges: (string | undefined)[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  const serveFrom = (request: IncomingMessage, response: ServerResponse): void => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': archive.length - from });
    response.end(archive.subarray(from));
  };

  const breakAfter = (bytes: number, response: ServerResponse): void => {
    response.writeHead(200, { 'content-length': archive.length });
    response.write(archive.subarray(0, bytes));
    const part = join(cache, `peer-1.0.tar.gz.${process.pid}.part`);
    const whenWritten = setInterval(() => {
      if (statSync(part, { throwIfNoEntry: false })?.size !== bytes) return;
      clearInterval(whenWritten);
      response.destroy();
    }, 5);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'yagura-artifact-'));
    cache = join(folder, 'cache');
    mkdirSync(join(folder, 'peer'));
    writeFileSync(join(folder, 'peer/lib.jar'), 'what the peer is made of '.repeat(100));
    execFileSync('tar', ['-czf', 'peer.tar.gz', 'peer'], { cwd: folder });
    archive = readFileSync(join(folder, 'peer.tar.gz'));
    ranges = [];
    answer = serveFrom;
    server = createServer((request, response) => {
      if (request.url === `/maven2/${path}.sha1`) {
        response.end(`${createHash('sha1').update(archive).digest('hex')}  peer-1.0.tar.gz\n`);
      } else if (request.url === `/maven2/${path}`) {
        ranges.push(request.headers.range);
        answer(request, response);
      } else {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const provide = (wanted = path): Promise<string> =>
    provideArtifact({
      path: wanted,
      // A server that listens on a port has an address with a port.
      repository: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/maven2`, headers: {} },
      cache,
      unpack: (file) => ['tar', '-xzf', file],
      signal: new AbortController().signal,
      pauseMs: 0,
    });

  it('is downloaded and unpacked once, and nothing but its content is kept', async () => {
    const first = await provide();
    const second = await provide();

    expect(second).toBe(first);
    expect(readFileSync(join(first, 'peer/lib.jar'), 'utf8')).toContain('what the peer is made of');
    expect(readdirSync(cache)).toEqual(['peer-1.0']);
    expect(ranges).toEqual([undefined]);
  });

  it('is continued where the connection broke', async () => {
    answer = (request, response) => (ranges.length > 1 ? serveFrom(request, response) : breakAfter(50, response));

    const unpacked = await provide();

    expect(readdirSync(unpacked)).toEqual(['peer']);
    expect(ranges).toEqual([undefined, 'bytes=50-']);
  });

  it('is continued from what a run that died left behind', async () => {
    mkdirSync(cache);
    writeFileSync(join(cache, `peer-1.0.tar.gz.${deadPid}.part`), archive.subarray(0, 80));
    mkdirSync(join(cache, `peer-1.0.${deadPid}.unpacking`));

    await provide();

    expect(ranges).toEqual(['bytes=80-']);
    expect(readdirSync(cache)).toEqual(['peer-1.0']);
  });

  it('is not continued from the file of a run that lives', async () => {
    mkdirSync(cache);
    writeFileSync(join(cache, `peer-1.0.tar.gz.${process.ppid}.part`), archive.subarray(0, 80));

    await provide();

    expect(ranges).toEqual([undefined]);
  });

  it('is downloaded again from the start when its parts do not make the published sum', async () => {
    mkdirSync(cache);
    writeFileSync(join(cache, `peer-1.0.tar.gz.${deadPid}.part`), Buffer.alloc(80));

    await provide();

    expect(ranges).toEqual(['bytes=80-', undefined]);
  });

  it('is refused when it never has the published sum', async () => {
    answer = (_request, response) => response.end('another archive');

    await expect(provide()).rejects.toThrow('does not have the published SHA-1');
    expect(readdirSync(cache)).toEqual([]);
  });

  it('is given up at once when the repository does not have it', async () => {
    await expect(provide('org/example/none/1.0/none-1.0.zip')).rejects.toThrow('it answers 404');
  });
});
