import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type SlackStandIn, startSlackStandIn } from '../stand-ins/slack/slack-stand-in.ts';
import { guardDutyEvent } from './delivery-events.ts';
import { type Server, startServer, until } from './delivery-server.ts';

// Every test has a team, a channel and an account of its own, so that none waits for another one's turn in Slack.
const TEAMS = 20;
const accountOf = (team: number) => `11112222${String(team).padStart(4, '0')}`;
const teams = Array.from({ length: TEAMS }, (_, team) => team);
const CONFIG = `
organization:
  accounts:
${teams.map((team) => `    - { id: "${accountOf(team)}", name: account-${team}, team: team-${team} }`).join('\n')}
teams:
${teams.map((team) => `  team-${team}: { name: Team ${team}, slack: { guardduty: "#team-${team}", securityhub: "#team-${team}" } }`).join('\n')}
central:
  slack: { guardduty: "#central", securityhub: "#central", health: "#central" }
  minimumSeverity: { guardduty: CRITICAL, securityhub: CRITICAL }
`;

let dir = '';
let slack: SlackStandIn;
let server: Server;
let nextTeam = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'yagura-bad-input-'));
  await writeFile(join(dir, 'yagura.yaml'), CONFIG);
  slack = await startSlackStandIn({ channels: [...teams.map((team) => `#team-${team}`), '#central'] });
  const env = { YAGURA_SLACK_BOT_TOKEN: slack.botToken, YAGURA_SLACK_API_URL: slack.apiUrl };
  server = await startServer({ dir, env });
});
afterAll(async () => {
  await server?.stop();
  await slack?.stop();
  await rm(dir, { recursive: true, force: true });
});
// Whatever was sent, the process lives.
afterEach(() => expect(server.isRunning).toBe(true));

function own(): { account: string; channel: string } {
  const team = nextTeam++;
  return { account: accountOf(team), channel: `#team-${team}` };
}

async function messageIn(channel: string, count = 1): Promise<string> {
  await until(`${count} messages in ${channel}`, () => slack.messages(channel).length >= count, 15_000);
  return slack
    .messages(channel)
    .map(({ text, blocks }) => `${text}\n${JSON.stringify(blocks)}`)
    .join('\n');
}

async function finding(key: string): Promise<Record<string, unknown>> {
  const found = await server.get(`/api/findings/${encodeURIComponent(key)}`);
  return typeof found === 'object' && found !== null ? { ...found } : {};
}

describe('POST /events', () => {
  test('says where JSON is broken', async () => {
    const answer = await server.post('{"detail-type": "GuardDuty Finding",\n  "source": }');

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ position: 'line 2, column 13' }], events: 0 } });
  });

  test('takes the good lines of a file with broken ones, and names those', async () => {
    const { account, channel } = own();
    const lines = [JSON.stringify(guardDutyEvent({ id: 'good', account })), '{"broken": ', '[1, 2'];

    const answer = await server.post(lines.join('\n'));

    expect(answer).toMatchObject({ status: 400, body: { events: 1, observed: 1, errorCount: 2 } });
    expect(JSON.stringify(answer?.body['errors'])).toMatch(/line 2.*line 3/);
    expect(await messageIn(channel)).toContain('bucket-good');
  });

  test.each([
    ['nothing', ''],
    ['a byte that is no UTF-8', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ['a number that goes on for ever', '9'.repeat(100_000)],
    ['brackets a million deep', '['.repeat(1_000_000)],
  ])('answers %s without a fault', async (_, body) => {
    const answer = await server.post(body);

    expect([202, 400]).toContain(answer?.status);
    expect(answer?.body['problemsChanged']).toBe(0);
  });

  test.each([
    ['no envelope', { id: 'x' }],
    ['an envelope without detail', { 'detail-type': 'GuardDuty Finding', source: 'aws.guardduty' }],
    ['a detail that is text', { 'detail-type': 'GuardDuty Finding', source: 'aws.guardduty', detail: 'text' }],
    ['a finding without id', { 'detail-type': 'GuardDuty Finding', source: 'aws.guardduty', detail: {} }],
    ['a list inside of a list', [['a']]],
    ['null', null],
  ])('counts and keeps %s', async (name, event) => {
    const marked = event !== null && !Array.isArray(event) ? { ...event, marker: name } : event;

    const answer = await server.post([marked]);

    expect(answer).toMatchObject({ status: 202, body: { events: 1, observed: 0, notUnderstood: 1 } });
    const kept = JSON.stringify(await server.get('/api/unknown-events'));
    expect(kept).toContain(JSON.stringify(JSON.stringify(marked)).slice(1, -1));
  });

  test('counts and keeps a kind that nobody knows', async () => {
    const event = { 'detail-type': 'Macie Finding of Tomorrow', source: 'aws.macie', detail: { a: 1 } };

    const answer = await server.post(event);

    expect(answer).toMatchObject({ status: 202, body: { unknown: 1, notUnderstood: 0 } });
    expect(JSON.stringify(await server.get('/api/unknown-events'))).toContain('Macie Finding of Tomorrow');
  });

  test('takes an event of 1 MB and sends a message within Slack’s limits', async () => {
    const { account, channel } = own();
    const description = 'A long story. '.repeat(75_000);

    const answer = await server.post(guardDutyEvent({ id: 'long', account, description }));

    expect(answer?.status).toBe(202);
    expect((await messageIn(channel)).length).toBeLessThan(20_000);
    expect(slack.requests.filter(({ error }) => error !== null)).toEqual([]);
  });

  test('refuses more than it reads, and says how to go on', async () => {
    const answer = await server.post(' '.repeat(65 * 1024 * 1024));

    // The connection may end before the answer is read: the body was never read to its end.
    if (answer !== undefined) expect(answer).toMatchObject({ status: 413, body: { error: { code: 'input.invalid' } } });
    expect((await server.post(guardDutyEvent({ id: 'after', account: own().account })))?.status).toBe(202);
  });
});

describe('strange findings', () => {
  test('one of a 9-digit account in an unknown Region goes to the central team, who are told so', async () => {
    const event = { ...guardDutyEvent({ id: 'odd', account: '123456789' }), region: 'mars-north-9' };

    await server.post(event);
    const text = await messageIn('#central');

    expect(text).toContain('123456789');
    expect(text).toContain('Unknown account');
  });

  test('hostile names mention nobody, format nothing and break nothing', async () => {
    const { account, channel } = own();
    const title = '<!channel> *bold* <@U0000000001> `code` \u202e\ud800 \u0000\u0007 <https://evil.example.com|click>';

    await server.post(guardDutyEvent({ id: 'hostile', account, title, bucket: 'b-<!here>-*x*' }));
    const text = await messageIn(channel);

    expect(text).not.toMatch(/<!(?:channel|here|everyone)/);
    expect(text).not.toContain('<@U0000000001>');
    expect(text).not.toContain('<https://evil');
    expect(text.isWellFormed()).toBe(true);
    expect(slack.requests.filter(({ error }) => error !== null)).toEqual([]);
  });

  test('one with 1,000 resources names some and says how many there are', async () => {
    const { account, channel } = own();
    const resources = Array.from({ length: 1_000 }, (_, n) => ({ Type: 'AwsS3Bucket', Id: `arn:aws:s3:::many-${n}` }));
    const now = new Date().toISOString();

    const answer = await server.post({
      ...{ version: '0', id: 'e1', 'detail-type': 'Security Hub Findings - Imported', source: 'aws.securityhub' },
      ...{ account, time: now, region: 'ap-northeast-1', resources: [] },
      detail: {
        findings: [
          {
            ...{ SchemaVersion: '2018-10-08', Id: 'many', AwsAccountId: account, Region: 'ap-northeast-1' },
            ProductArn: 'arn:aws:securityhub:ap-northeast-1::product/aws/inspector',
            ...{ GeneratorId: 'g', Types: ['Software and Configuration Checks'], CreatedAt: now, UpdatedAt: now },
            ...{ Severity: { Label: 'HIGH' }, Title: 'Many', Description: 'Many resources', Resources: resources },
            ...{ RecordState: 'ACTIVE', Workflow: { Status: 'NEW' } },
          },
        ],
      },
    });

    expect(answer).toMatchObject({ status: 202, body: { observed: 1 } });
    expect(await messageIn(channel)).toMatch(/9\d\d/);
  });

  test('one with a date in the future is told, and what comes later still counts', async () => {
    const { account, channel } = own();
    const future = Math.round((Date.now() - Date.UTC(2026, 0, 5)) / 60_000) + 5_000_000;

    await server.post(guardDutyEvent({ id: 'future', account, minute: future }));
    await messageIn(channel);
    const now = Math.round((Date.now() - Date.UTC(2026, 0, 5)) / 60_000) + 1;
    await server.post(guardDutyEvent({ id: 'future', account, minute: now, archived: true }));

    expect(await messageIn(channel, 2)).toContain('Resolved');
  });

  test('an archived one without severity ends what is known', async () => {
    const { account, channel } = own();
    await server.post(guardDutyEvent({ id: 'mute', account, minute: 0 }));
    await messageIn(channel);
    const event = guardDutyEvent({ id: 'mute', account, minute: 5, archived: true });
    const { severity: _, ...detail } = Object(event['detail']);

    await server.post({ ...event, detail });

    expect(await messageIn(channel, 2)).toContain('Resolved');
  });
});

describe('too many', () => {
  test('the same event 1,000 times is one message that was seen 1,000 times', async () => {
    const { account, channel } = own();
    const event = guardDutyEvent({ id: 'again', account });

    for (let n = 0; n < 10; n++) await server.post(Array.from({ length: 100 }, () => event));
    await messageIn(channel);

    expect(slack.messages(channel)).toHaveLength(1);
    expect(JSON.stringify(await finding('guardduty:again'))).toContain('"timesSeen":1000');
  });

  test('10,000 findings in less than a minute are all there, and all on their way', async () => {
    const { account, channel } = own();
    const start = Date.now();
    const before = await totals();
    let changed = 0;

    for (let n = 0; n < 10_000; n += 500) {
      const events = Array.from({ length: 500 }, (_, k) => guardDutyEvent({ id: `flood-${n + k}-`, account }));
      const answer = await server.post(events);
      changed += Number(answer?.body['problemsChanged']);
    }

    expect(changed).toBe(10_000);
    expect(Date.now() - start).toBeLessThan(60_000);
    await until('the first digests are there', () => slack.messages(channel).length >= 3, 15_000);
    const after = await totals();
    expect(after - before).toBe(10_000);
    const times = slack.messages(channel).map(({ receivedAt }) => receivedAt);
    expect(Math.min(...times.slice(1).map((at, n) => at - (times[n] ?? 0)))).toBeGreaterThan(900);
    expect(slack.messages(channel)[0]?.blocks.length).toBeGreaterThan(1);
  });

  async function totals(): Promise<number> {
    const summary = Object(await server.get('/api/deliveries/summary'));
    return Object.values<number>(summary.totals).reduce((sum, count) => sum + count, 0);
  }
});

describe('the inbox', () => {
  const inbox = () => join(dir, 'data', 'inbox');
  const isThere = async (folder: string, name: string) =>
    (await readdir(join(inbox(), folder)).catch(() => [])).some((each) => each.includes(name));

  test('puts a file that is no JSON into failed/, with the reason', async () => {
    await writeFile(join(inbox(), 'broken.json'), '{"a": ');

    await until('the file is put away', () => isThere('failed', 'broken.json.reason.txt'), 15_000);

    const [reason = ''] = (await readdir(join(inbox(), 'failed'))).filter((name) =>
      name.endsWith('broken.json.reason.txt'),
    );
    expect(await readFile(join(inbox(), 'failed', reason), 'utf8')).toMatch(/line 1, column 7: not JSON/);
  });

  test('takes what is good of a file, and tells of it', async () => {
    const { account, channel } = own();
    const lines = [JSON.stringify(guardDutyEvent({ id: 'from-file', account })), 'nonsense'];
    await writeFile(join(inbox(), 'half.jsonl'), lines.join('\n'));

    expect(await messageIn(channel)).toContain('bucket-from-file');
    await until('the file is put away', () => isThere('failed', 'half.jsonl'), 15_000);
  });
});
