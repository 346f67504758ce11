import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#adapters/logger/logger.ts';
import { createEnvironmentSecrets } from '#adapters/secrets/environment-secrets.ts';
import { buildProgram, runProgram } from '#apps/cli/program.ts';
import { type Running, startYagura } from '#apps/server/start-yagura.ts';
import { argvOf } from '../../scripts/docs/console-blocks.ts';
import { type SlackStandIn, startSlackStandIn } from '../stand-ins/slack/slack-stand-in.ts';
import { commandsOf, readGuide, root } from './guides.ts';

const CHANNELS = ['#payments-guardduty', '#payments-securityhub', '#payments-health'];
const CENTRAL = ['#sec-guardduty', '#sec-securityhub', '#soc-health'];
const guide = readGuide('docs/en/quick-start.md', 'en');
const block = (start: string): string => guide.blocks.find(({ text }) => text.startsWith(start))?.text ?? '';

let folder = '';
let slack: SlackStandIn;
let running: Running;

/** A folder such as a reader has after step 2, with Yagura started as step 5 says. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yagura-quick-start-'));
  cpSync(join(root, 'docs'), join(folder, 'docs'), { recursive: true });
  writeFileSync(join(folder, 'yagura.yaml'), block('# docs/examples/yagura.yaml'));
  // The guide names a folder of data; the commands' own examples take the default.
  mkdirSync(join(folder, '.yagura'));
  symlinkSync('.yagura', join(folder, 'data'));
  slack = await startSlackStandIn({ channels: [...CHANNELS, ...CENTRAL], minimumIntervalMs: 0 });
  const env = { YAGURA_SLACK_BOT_TOKEN: slack.botToken, YAGURA_SLACK_API_URL: slack.apiUrl };
  running = await startYagura({
    dataDir: join(folder, 'data'),
    configText: readFileSync(join(folder, 'yagura.yaml'), 'utf8'),
    port: 0,
    host: undefined,
    secrets: createEnvironmentSecrets({ env }),
    env,
    log: createLogger({ level: 'silent' }),
    consoleDir: folder,
    version: 'test',
  });
});
afterAll(async () => {
  await running.stop();
  await slack.stop();
  rmSync(folder, { recursive: true });
});

async function typed(command: string): Promise<{ code: number; out: string; err: string }> {
  const printed = { out: '', err: '' };
  const terminal = {
    out: (text: string) => {
      printed.out += text;
    },
    err: (text: string) => {
      printed.err += text;
    },
    env: { YAGURA_SLACK_BOT_TOKEN: slack.botToken, YAGURA_SLACK_API_URL: slack.apiUrl },
    cwd: folder,
  };
  const argv = argvOf(command) ?? [];
  const address = argv[0] === 'events' && !argv.includes('--url') ? ['--url', running.url] : [];
  const here = argv.map((word) => word.replace('http://127.0.0.1:8484', running.url));
  const code = await runProgram(buildProgram(terminal), [...here, ...address], terminal);
  return { code, ...printed };
}

describe('a reader of the quick start', () => {
  it('is told that Slack works', async () => {
    const { out } = await typed('npx yagura doctor --config yagura.yaml --data ./data --format json');

    expect(JSON.parse(out)).toContainEqual(expect.objectContaining({ check: 'Slack', state: 'ok' }));
  });

  it('sends a first event and finds its message in both channels', async () => {
    const results = [];
    for (const command of commandsOf({ info: 'sh', language: 'sh', text: block('npx yagura events push') })) {
      results.push(await typed(command));
      await running.yagura.delivery().drained();
    }

    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    for (const { out } of results.slice(1)) expect(out).toContain('guardduty:2ad5b8833e37b7d852fa21e91941cf49');
    expect(slack.messages('#payments-guardduty')).toHaveLength(1);
    expect(slack.messages('#sec-guardduty')).toHaveLength(1);
  });

  it('has a file taken out of the inbox after renaming it', async () => {
    const inbox = join(folder, 'data/inbox');
    for (const command of commandsOf({ info: 'sh', language: 'sh', text: block('cp docs/examples/night.jsonl') })) {
      const [program, from = '', to = ''] = command.split(' ');
      if (program === 'cp') cpSync(join(folder, from), join(folder, to));
      else renameSync(join(folder, from), join(folder, to));
    }

    await vi.waitFor(() => expect(readdirSync(inbox)).toEqual(['done']), { timeout: 10_000 });
  });
});

describe('the examples of the commands', () => {
  const examples = readGuide('docs/en/cli.md', 'en')
    .blocks.filter(({ language }) => language === 'sh')
    .flatMap(commandsOf)
    // These need what the reader's own machine has; the ones above run them.
    .filter((command) => !/ (?:up|doctor|lake collect|lake quarantine show) /.test(command));

  beforeAll(() => {
    cpSync(join(root, 'docs/examples/night.jsonl'), join(folder, 'findings.jsonl'));
    cpSync(join(root, 'docs/examples/guardduty.json'), join(folder, 'guardduty.json'));
    const trail = readFileSync(join(root, 'src/sources/aws-cloudtrail/fixtures/management.input.json'));
    writeFileSync(join(folder, 'cloudtrail.json.gz'), gzipSync(trail));
    mkdirSync(join(folder, 'logs'));
    writeFileSync(join(folder, 'logs/trail.json'), trail);
    for (const name of ['door.yaml', 'door-sample.txt']) cpSync(join(root, 'docs/examples', name), join(folder, name));
    writeFileSync(join(folder, 'hub.jsonl.gz'), gzipSync(readFileSync(join(root, 'docs/examples/night.jsonl'))));
  });

  it.each(examples)('run: %s', async (command) => {
    const known = (await typed('npx yagura exceptions list --format json')).out;
    const id = (JSON.parse(known === '' ? '[]' : known) as { id: string }[])[0]?.id ?? 'none';
    const own = command
      .replace('/var/lib/yagura', 'data')
      .replace('3kTMd9nB1qQ', id)
      .replace('guardduty:b4b01b60fc24a199139f8f5f490edd81', 'guardduty:2ad5b8833e37b7d852fa21e91941cf49');

    const { code, err } = await typed(own);

    expect(code, err).toBe(0);
  });
});
