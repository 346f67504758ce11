import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { distinctEvents, median } from './_events.ts';
import type { Bench, Measure } from './run.ts';

const BURST = 10_000;
const RUNS = 3;

/** `npm start` as a process: until it is ready, and its resident memory after the sample and after a burst. Linux only. */
export const bench: Bench = { name: 'server', run };

async function run(): Promise<Measure[]> {
  const ready: number[] = [];
  let memory = { afterSample: 0, afterBurst: 0, burstRate: 0 };
  for (let round = 0; round < RUNS; round++) {
    const dir = mkdtempSync(join(tmpdir(), 'yagura-bench-'));
    const started = performance.now();
    const { server, url } = await start(dir);
    ready.push((performance.now() - started) / 1000);
    if (round === RUNS - 1) memory = await measure(server, url);
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await gone;
    rmSync(dir, { recursive: true, force: true });
  }
  return [
    { metric: 'start to ready, sample organization', value: median(ready), unit: 's', goal: '<= 10' },
    { metric: 'resident memory after the sample', value: memory.afterSample, unit: 'MB', goal: '<= 350' },
    { metric: `resident memory after ${BURST} more findings`, value: memory.afterBurst, unit: 'MB' },
    {
      metric: 'the same burst over HTTP, delivery to the feed going on beside it',
      value: memory.burstRate,
      unit: 'events/s of CPU',
    },
  ];
}

async function measure(
  server: ChildProcess,
  url: string,
): Promise<{ afterSample: number; afterBurst: number; burstRate: number }> {
  await settled(url);
  const afterSample = residentMb(server);
  const cpu = cpuSecondsOf(server);
  for (let from = 0; from < BURST; from += 1_000) {
    const answer = await fetch(`${url}/events`, { method: 'POST', body: `[${distinctEvents(1_000, from).join(',')}]` });
    if (answer.status !== 202) throw new Error(`POST /events answered ${answer.status}`);
  }
  const burstRate = BURST / (cpuSecondsOf(server) - cpu);
  await settled(url);
  return { afterSample, afterBurst: residentMb(server), burstRate };
}

function start(dir: string): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(process.execPath, ['bin/yagura.js', 'up', '--data', dir, '--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    server.once('exit', () => reject(new Error(`the server ended: ${said}`)));
    server.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (url !== undefined) resolve({ server, url });
    });
  });
}

/** Waits until nothing is queued and nothing more comes. */
async function settled(url: string): Promise<void> {
  let before = '';
  for (;;) {
    const overview: unknown = await (await fetch(`${url}/api/overview`)).json();
    const now = JSON.stringify(overview);
    if (now === before) return;
    before = now;
    await wait(2_000);
  }
}

function residentMb(server: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
}

function cpuSecondsOf(server: ChildProcess): number {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  // utime and stime in clock ticks of 10 ms (proc(5)).
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
