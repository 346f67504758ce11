import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardDutyEvent } from '../test/e2e/delivery-events.ts';
import { startServer, until } from '../test/e2e/delivery-server.ts';
import { type SlackStandIn, startSlackStandIn } from '../test/stand-ins/slack/slack-stand-in.ts';
import type { Bench, Measure } from './run.ts';

const FINDINGS = 10_000;
const CHANNELS = 10;
const BODY = 500;
const LONGEST_MS = 120_000;

/** 10,000 findings at once over ten channels: how long until Slack shows every one, at its one message a second and channel. */
export const bench: Bench = { name: 'burst', run };

async function run(): Promise<Measure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'yagura-bench-'));
  const channels = Array.from({ length: CHANNELS }, (_, n) => `#team-${n}`);
  const slack = await startSlackStandIn({ channels });
  writeFileSync(join(dir, 'yagura.yaml'), configFor(channels));
  const env = { YAGURA_SLACK_API_URL: slack.apiUrl, YAGURA_SLACK_BOT_TOKEN: slack.botToken };
  const server = await startServer({ dir, env });
  try {
    const start = Date.now();
    for (let from = 0; from < FINDINGS; from += BODY) {
      const events = Array.from({ length: BODY }, (_, n) => eventOf(from + n));
      const answer = await server.post(events);
      if (answer?.status !== 202) throw new Error(`POST /events answered ${answer?.status ?? 'nothing'}`);
    }
    const accepted = Date.now();
    await until('every finding is in a message', () => missing(slack) === 0, LONGEST_MS);
    const gaps = channels.map((channel) => shortestGap(slack, channel));
    return [
      {
        metric: `${FINDINGS.toLocaleString('en')} findings, sent to accepted`,
        value: (accepted - start) / 1_000,
        unit: 's',
      },
      { metric: 'sent to every one shown in Slack', value: (Date.now() - start) / 1_000, unit: 's' },
      { metric: 'findings in no message', value: missing(slack), unit: 'findings' },
      { metric: `messages in ${CHANNELS} channels`, value: slack.messages().length, unit: 'messages' },
      {
        metric: 'shortest time between two messages of a channel',
        value: Math.min(...gaps),
        unit: 'ms',
        goal: '>= 950',
      },
      {
        metric: 'requests that Slack refused',
        value: slack.requests.filter(({ error }) => error !== null).length,
        unit: 'requests',
      },
    ];
  } finally {
    await server.stop();
    await slack.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function eventOf(n: number): Record<string, unknown> {
  return guardDutyEvent({ id: `n${n}-`, account: accountOf(n % CHANNELS), bucket: `bucket-${n}-` });
}

function missing(slack: SlackStandIn): number {
  const found = new Set<string>();
  for (const { text, blocks } of slack.messages())
    for (const [name] of `${text}${JSON.stringify(blocks)}`.matchAll(/bucket-\d+-/g)) found.add(name);
  return FINDINGS - found.size;
}

function shortestGap(slack: SlackStandIn, channel: string): number {
  const times = slack.messages(channel).map(({ receivedAt }) => receivedAt);
  return Math.min(...times.slice(1).map((at, n) => at - (times[n] ?? 0)));
}

function accountOf(index: number): string {
  return String(111_122_220_000 + index);
}

function configFor(channels: readonly string[]): string {
  const accounts = channels.map((_, n) => `    - { id: "${accountOf(n)}", name: account-${n}, team: team-${n} }`);
  const teams = channels.map((channel, n) => `  team-${n}: { name: team-${n}, slack: { guardduty: "${channel}" } }`);
  return ['organization:', '  accounts:', ...accounts, 'teams:', ...teams, ''].join('\n');
}
