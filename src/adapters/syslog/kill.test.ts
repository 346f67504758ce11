import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSystemClock } from '../system/clock.ts';
import { connected, LOOPBACK, type SyslogRig, syslogRig } from './syslog-rig.ts';

let rig: SyslogRig;
/** One that outlived its test would hold the test's output open. */
const children: ChildProcess[] = [];
beforeEach(() => {
  rig = syslogRig(createSystemClock());
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rig.dispose();
});

const LISTEN = pathToFileURL(join(import.meta.dirname, 'listen.ts')).href;
const CLOCK = pathToFileURL(join(import.meta.dirname, '../system/clock.ts')).href;
const ROUNDS = 5;

/** A process that listens on TCP, prints its port, and after each flush how many messages are on disk. */
function listening(spool: string): ChildProcess {
  const program = `
    import { listenSyslog } from '${LISTEN}';
    import { createSystemClock } from '${CLOCK}';
    const listener = await listenSyslog({ spool: ${JSON.stringify(spool)}, clock: createSystemClock(), onFile: () => undefined,
      tcp: { host: '127.0.0.1', port: 0 }, limits: { rotateBytes: 100_000 } });
    console.log(listener.ports.tcp);
    for (;;) {
      const { durable } = await listener.flush();
      console.log(durable);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }`;
  const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Sends numbered messages until the process has acknowledged so many, kills it, and tells the last acknowledged count. */
async function sendAndKill(spool: string, first: number, enough: number): Promise<number> {
  const child = listening(spool);
  children.push(child);
  if (child.stdout === null) throw new Error('the process has no output');
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { socket } = await connected(Number((await said.next()).value));
  socket.on('error', () => undefined);
  let next = first;
  let isOver = false;
  const send = (): void => {
    if (isOver) return;
    const batch = Array.from({ length: 20 }, () => `<34>${next++} ${'x'.repeat(next % 300)}\n`).join('');
    socket.write(batch, () => setTimeout(send, 1));
  };
  send();
  let acknowledged = 0;
  for (;;) {
    const { value, done } = await said.next();
    if (done === true) throw new Error('the process ended by itself');
    acknowledged = Number(value);
    if (acknowledged >= enough) break;
  }
  child.kill('SIGKILL');
  isOver = true;
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  socket.destroy();
  return acknowledged;
}

it('keeps every acknowledged message, in order and once, when the process is killed at any moment', async () => {
  let expected = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = round * 1_000_000;

    const acknowledged = await sendAndKill(rig.spool, first, 20 + round * 97);

    const listener = await rig.start({ tcp: LOOPBACK });
    await listener.stop();
    const numbers = (await rig.readyLines())
      .map((line) => Number(/^<34>(\d+) x*$/.exec(line.message)?.[1]))
      .filter((number) => number >= first);
    expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
    expect(numbers).toEqual(Array.from(numbers, (_, index) => first + index));
    expected += acknowledged;
  }
  expect(expected).toBeGreaterThan(ROUNDS * 20);
}, 60_000);
