import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { MavenRepository } from './maven-repository.ts';

/** A published archive and where its unpacked content is kept. */
export interface ArtifactPlan {
  /** The path below the repository, for example `org/example/peer/1.0/peer-1.0.zip`. */
  readonly path: string;
  readonly repository: MavenRepository;
  readonly cache: string;
  /** The program and arguments that unpack an archive into the folder they are run in. */
  readonly unpack: (archive: string) => readonly [string, ...string[]];
  readonly signal: AbortSignal;
  /** How long to wait before the second try; each later wait is twice as long. */
  readonly pauseMs?: number;
}

const tries = 4;
const idleMs = 60_000;

/**
 * The folder that outlives a checkout, so that half a gigabyte is fetched once. Root's is one that every user can read:
 * the peers that refuse to run as root run as somebody else.
 */
export function peersCache(): string {
  const given = process.env['YAGURA_PEERS_CACHE'];
  if (given !== undefined && given !== '') return given;
  if (process.getuid?.() === 0) return '/var/cache/yagura-peers';
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'yagura-peers');
}

/** Downloads, verifies and unpacks an archive, unless that was done before; returns the folder with its content. */
export async function provideArtifact(plan: ArtifactPlan): Promise<string> {
  const name = basename(plan.path);
  const unpacked = join(plan.cache, name.replace(/\.(zip|tar\.gz)$/, ''));
  if (existsSync(unpacked)) return unpacked;
  await mkdir(plan.cache, { recursive: true });
  const archive = await claim(plan.cache, name);
  await download(plan, archive);
  const work = `${unpacked}.${process.pid}.unpacking`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work);
  await unpackInto(work, plan.unpack(archive));
  await putInPlace(work, unpacked);
  await rm(archive);
  return unpacked;
}

// Two runs at once each write a file of their own; what a dead run left behind is continued.
async function claim(cache: string, name: string): Promise<string> {
  const mine = join(cache, `${name}.${process.pid}.part`);
  for (const entry of await readdir(cache)) {
    const [, owned, pid, state] = /^(.+)\.(\d+)\.(part|unpacking)$/.exec(entry) ?? [];
    if (owned === undefined || !name.startsWith(owned) || isAlive(Number(pid))) continue;
    if (state === 'part') await unlessMissing(rename(join(cache, entry), mine));
    else await rm(join(cache, entry), { recursive: true, force: true });
  }
  return mine;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

async function unlessMissing(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

async function download(plan: ArtifactPlan, file: string): Promise<void> {
  const address = `${plan.repository.url}/${plan.path}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const wanted = await publishedSum(plan, `${address}.sha1`);
      if ((await sizeOf(file)) === 0 || (await sumOf(file)) !== wanted) await fetchRest(plan, address, file);
      if ((await sumOf(file)) === wanted) return;
      await rm(file);
      throw new Error('what arrived does not have the published SHA-1');
    } catch (error) {
      if (attempt >= tries || plan.signal.aborted || error instanceof Refused) {
        throw new Error(`${address} cannot be downloaded: ${messageOf(error)}`, { cause: error });
      }
      console.error(`${address}: ${messageOf(error)}; trying again`);
      await pause((plan.pauseMs ?? 1000) * 2 ** (attempt - 1));
    }
  }
}

/** An answer that another try will not change. */
class Refused extends Error {}

async function request(plan: ArtifactPlan, address: string, from: number, signal: AbortSignal): Promise<Response> {
  const headers = { ...plan.repository.headers, ...(from > 0 ? { range: `bytes=${from}-` } : {}) };
  const answer = await fetch(address, { headers, signal });
  if (answer.ok || answer.status === 416) return answer;
  const message = `it answers ${answer.status} ${answer.statusText}`;
  throw answer.status >= 500 || answer.status === 429 ? new Error(message) : new Refused(message);
}

async function publishedSum(plan: ArtifactPlan, address: string): Promise<string> {
  const patience = AbortSignal.any([plan.signal, AbortSignal.timeout(idleMs)]);
  const text = await (await request(plan, address, 0, patience)).text();
  const sum = /^[0-9a-f]{40}/i.exec(text.trim())?.[0];
  if (sum === undefined) throw new Refused('its .sha1 is not a SHA-1');
  return sum.toLowerCase();
}

async function fetchRest(plan: ArtifactPlan, address: string, file: string): Promise<void> {
  const present = await sizeOf(file);
  const idle = new AbortController();
  const giveUp = (): void => idle.abort(new Error(`nothing arrived for ${idleMs / 1000} s`));
  let timer = setTimeout(giveUp, idleMs);
  try {
    const answer = await request(plan, address, present, AbortSignal.any([plan.signal, idle.signal]));
    // All of it was there already: the caller compares the sum.
    if (answer.status === 416 || answer.body === null) return;
    const megabytes = Math.round((present + Number(answer.headers.get('content-length'))) / 1e6);
    console.error(`Downloading ${basename(plan.path)} (${megabytes} MB) ${present > 0 ? 'onwards' : ''}`.trimEnd());
    // A stream would drop what it has not written yet when the connection breaks.
    await using out = await open(file, answer.status === 206 ? 'a' : 'w');
    for await (const chunk of answer.body) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, idleMs);
      await out.appendFile(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function sizeOf(file: string): Promise<number> {
  return existsSync(file) ? (await stat(file)).size : 0;
}

async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha1');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

// fetch says only "fetch failed"; the reason is in its cause.
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

async function unpackInto(folder: string, [program, ...args]: readonly [string, ...string[]]): Promise<void> {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 2, 2] });
  const [code]: unknown[] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} fails (see above)`);
}

async function putInPlace(work: string, unpacked: string): Promise<void> {
  try {
    await rename(work, unpacked);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(unpacked)) throw error;
    await rm(work, { recursive: true, force: true });
  }
}
