import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { guardDutyEvent } from '../test/e2e/delivery-events.ts';
import { startServer } from '../test/e2e/delivery-server.ts';
import { startSlackStandIn } from '../test/stand-ins/slack/slack-stand-in.ts';
import type { Bench, Measure } from './run.ts';

const CHANNELS = 200;
const PER_SECOND = 100;
const SECONDS = 20;
const EVENTS = PER_SECOND * SECONDS;
/** Slack's own second between two messages of a channel is not counted against us: each channel gets one event in two seconds. */
const PARTS_PER_SECOND = 10;

/** From the answer 202 to Slack holding the message, at 100 events a second spread over 200 channels; server and Slack stand-in in processes of their own. */
export const bench: Bench = { name: 'latency', run };

async function run(): Promise<Measure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'yagura-bench-'));
  const names = Array.from({ length: CHANNELS }, (_, index) => `team-${index}`);
  const slack = await startSlackStandIn({ channels: names.map((name) => `#${name}`) });
  writeFileSync(join(dir, 'yagura.yaml'), configFor(names));
  const server = await startServer({
    dir,
    env: { YAGURA_SLACK_API_URL: slack.apiUrl, YAGURA_SLACK_BOT_TOKEN: slack.botToken },
  });
  const acceptedAt = new Map<string, number>();
  try {
    for (let part = 0; part < SECONDS * PARTS_PER_SECOND; part++) {
      const started = Date.now();
      await send(part, server, acceptedAt);
      await wait(Math.max(0, 1_000 / PARTS_PER_SECOND - (Date.now() - started)));
    }
    for (let left = 600; left > 0 && posts(slack).length < EVENTS; left--) await wait(100);
    return report(latencies(slack, acceptedAt));
  } finally {
    await server.stop();
    await slack.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function send(
  part: number,
  server: Awaited<ReturnType<typeof startServer>>,
  acceptedAt: Map<string, number>,
): Promise<void> {
  const size = PER_SECOND / PARTS_PER_SECOND;
  const events = Array.from({ length: size }, (_, index) => {
    const number = part * size + index;
    return guardDutyEvent({ id: `n${number}`, title: `Finding n${number}.`, account: accountOf(number % CHANNELS) });
  });
  const answer = await server.post(events);
  if (answer?.status !== 202) throw new Error(`POST /events answered ${answer?.status ?? 'nothing'}`);
  for (let index = 0; index < size; index++) acceptedAt.set(`n${part * size + index}`, Date.now());
}

function latencies(
  slack: Awaited<ReturnType<typeof startSlackStandIn>>,
  acceptedAt: ReadonlyMap<string, number>,
): number[] {
  return posts(slack).flatMap(({ at, args }) => {
    const id = /guardduty:(n\d+)/.exec(JSON.stringify(args))?.[1];
    const accepted = acceptedAt.get(id ?? '');
    return accepted === undefined ? [] : [Math.max(0, at - accepted)];
  });
}

function posts(slack: Awaited<ReturnType<typeof startSlackStandIn>>): readonly { at: number; args: unknown }[] {
  return slack.requests.filter((request) => request.method === 'chat.postMessage');
}

function report(values: readonly number[]): Measure[] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return [
    { metric: `messages of ${EVENTS} events`, value: sorted.length, unit: 'messages', goal: `>= ${EVENTS}` },
    { metric: 'accepted to handed to Slack, median', value: at(0.5), unit: 'ms' },
    { metric: 'accepted to handed to Slack, p99', value: at(0.99), unit: 'ms', goal: '<= 1000' },
  ];
}

function accountOf(index: number): string {
  return String(111_122_220_000 + index);
}

function configFor(names: readonly string[]): string {
  const accounts = names.map((name, index) => `    - { id: "${accountOf(index)}", name: ${name}, team: ${name} }`);
  const teams = names.map((name) => `  ${name}: { name: ${name}, slack: { guardduty: "#${name}" } }`);
  return ['organization:', '  accounts:', ...accounts, 'teams:', ...teams, ''].join('\n');
}
