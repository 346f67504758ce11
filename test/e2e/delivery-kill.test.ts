import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type SlackStandIn, startSlackStandIn } from '../stand-ins/slack/slack-stand-in.ts';
import { createSeededRandom } from '../stand-ins/time.ts';
import { guardDutyEvent } from './delivery-events.ts';
import { type Server, startServer, until } from './delivery-server.ts';

const TEAMS = 40;
const ROUNDS = 10;
const EACH_ROUND = 24;
const accountOf = (team: number) => `11112222${String(team).padStart(4, '0')}`;
const channelOf = (team: number) => `#team-${team}`;
const teams = Array.from({ length: TEAMS }, (_, team) => team);

const CONFIG = `
organization:
  accounts:
${teams.map((team) => `    - { id: "${accountOf(team)}", name: account-${team}, team: team-${team} }`).join('\n')}
teams:
${teams.map((team) => `  team-${team}: { name: Team ${team}, slack: { guardduty: "${channelOf(team)}" } }`).join('\n')}
central:
  slack: { guardduty: "#central" }
  minimumSeverity: { guardduty: CRITICAL }
`;

let dir = '';
let slack: SlackStandIn | undefined;
let server: Server | undefined;
let slow: SlowRoad | undefined;
afterEach(async () => {
  await server?.kill();
  await slow?.stop();
  await slack?.stop();
  await rm(dir, { recursive: true, force: true });
});

test('kill -9 at any moment: everything acknowledged is posted exactly once', async () => {
  const seed = Number(process.env['YAGURA_SEED'] ?? Date.now() % 1_000_000);
  const random = createSeededRandom(seed);
  dir = await mkdtemp(join(tmpdir(), 'yagura-kill-'));
  await writeFile(join(dir, 'yagura.yaml'), CONFIG);
  slack = await startSlackStandIn({ channels: [...teams.map(channelOf), '#central'] });
  // Slack has a message for a while before its sender knows.
  slow = await startSlowRoad(slack.origin, () => random.next() * 300);
  const env = { YAGURA_SLACK_BOT_TOKEN: slack.botToken, YAGURA_SLACK_API_URL: `${slow.origin}/api/` };
  const acknowledged: string[] = [];
  const asked: string[] = [];
  server = await startServer({ dir, env });

  for (let round = 0; round < ROUNDS; round++) {
    const posting: Promise<void>[] = [];
    for (let n = 0; n < EACH_ROUND; n++) {
      const id = `r${round}-${n}`;
      const account = accountOf(Math.floor(random.next() * TEAMS));
      asked.push(id);
      const sent = server.post(guardDutyEvent({ id, account, bucket: `bucket-${id}-` }));
      posting.push(sent.then((answer) => void (answer?.status === 202 && acknowledged.push(id))));
    }
    await new Promise((done) => setTimeout(done, random.next() * 600));
    await server.kill();
    await Promise.all(posting);
    server = await startServer({ dir, env });
  }
  await until('everything is delivered', async () => isIdle(await server?.get('/api/deliveries/summary')), 40_000);

  const texts = slack.messages().map(({ text, blocks }) => `${text}${JSON.stringify(blocks)}`);
  const timesTold = (id: string) => texts.filter((text) => text.includes(`bucket-${id}-`)).length;
  const wrong = acknowledged.filter((id) => timesTold(id) !== 1);
  expect(
    wrong.map((id) => `${id} told ${timesTold(id)} times`),
    `seed ${seed}`,
  ).toEqual([]);
  expect(
    asked.filter((id) => timesTold(id) > 1),
    `seed ${seed}`,
  ).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(ROUNDS);
  // Else no moment was a bad one, and nothing was tried.
  expect(slack.requests.filter(({ method }) => method === 'conversations.history').length).toBeGreaterThan(0);
}, 120_000);

function isIdle(summary: unknown): boolean {
  if (typeof summary !== 'object' || summary === null || !('totals' in summary)) throw new Error('no summary');
  return /"queued":0,"sending":0,.*"parked":0/.test(JSON.stringify(summary.totals));
}

type SlowRoad = { readonly origin: string; stop(): Promise<void> };

/** Passes requests on at once, and answers late. */
async function startSlowRoad(to: string, delayMs: () => number): Promise<SlowRoad> {
  const road = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => {
      const { authorization = '', 'content-type': type = '' } = request.headers;
      void fetch(`${to}${request.url}`, {
        method: 'POST',
        headers: { authorization, 'content-type': type },
        body: Buffer.concat(body),
      })
        .then(async (answer) => {
          const text = await answer.text();
          await new Promise((done) => setTimeout(done, delayMs()));
          const retryAfter = answer.headers.get('retry-after');
          response.writeHead(answer.status, {
            'content-type': answer.headers.get('content-type') ?? 'application/json',
            ...(retryAfter === null ? {} : { 'retry-after': retryAfter }),
          });
          response.end(text);
        })
        .catch(() => response.destroy());
    });
  });
  await new Promise<void>((done) => road.listen(0, '127.0.0.1', done));
  // A listening TCP server's address is never a pipe name.
  const { port } = road.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((done) => {
        road.close(() => done());
        road.closeAllConnections();
      }),
  };
}
