import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { createEnvironmentSecrets } from '#adapters/secrets/environment-secrets.ts';
import { checkSlack } from '#adapters/slack/check-slack.ts';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { Exit } from '#apps/cli/exit.ts';
import { problemLine, readConfigText, withData, withFormat } from '#apps/cli/options.ts';
import { type Format, printRows, type Terminal } from '#apps/cli/output.ts';
import { directorySource } from '#apps/server/aws-sources.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { messageOf } from '#core/errors/yagura-error.ts';

type Check = {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'not used';
  readonly detail: string;
};

/** yagura doctor */
export function doctorCommand(terminal: Terminal): Command {
  return withFormat(withData(new Command('doctor')))
    .description('Say what works, what does not, and what to do about it.')
    .addHelpText('after', '\nExample:\n  yagura doctor --config yagura.yaml\n')
    .action(async (options: { data: string; config?: string; format: Format }) => {
      const checks = await examine(options, terminal);
      printRows(terminal, options.format, checks, [
        ['CHECK', (row) => row.check],
        ['STATE', (row) => row.state],
        ['DETAIL', (row) => row.detail],
      ]);
      if (options.format === 'table')
        for (const row of checks) if (row.detail.length > 60) terminal.err(`${row.check}: ${row.detail}\n`);
      if (checks.some((row) => row.state === 'failed')) throw new Exit(1);
    });
}

async function examine(options: { data: string; config?: string }, terminal: Terminal): Promise<Check[]> {
  const text = readConfigText(options, terminal);
  const parsed = text === undefined ? undefined : parseConfig(text, createSystemClock().now());
  const secrets = createEnvironmentSecrets({ env: terminal.env });
  const consoleDir = resolve(import.meta.dirname, '../../../console/dist/index.html');
  return [
    attempt('Node', () => `${process.version}`),
    configCheck(options.config ?? 'yagura.yaml', parsed),
    attempt('data folder', () => writable(resolve(terminal.cwd, options.data))),
    await attemptAsync('state store', () => storeWorks(resolve(terminal.cwd, options.data), text === undefined)),
    existsSync(consoleDir)
      ? { check: 'console', state: 'ok', detail: 'built' }
      : { check: 'console', state: 'warning', detail: 'not built: run npm run build' },
    await slackCheck(await secrets.secret('slackBotToken'), terminal.env['YAGURA_SLACK_API_URL']),
    await presence(
      'Slack buttons',
      (await secrets.secret('slackAppToken')) ?? (await secrets.secret('slackSigningSecret')),
      'set YAGURA_SLACK_APP_TOKEN (Socket Mode) or YAGURA_SLACK_SIGNING_SECRET (public URL)',
    ),
    await organizationCheck(parsed?.config),
  ];
}

function configCheck(name: string, parsed: ReturnType<typeof parseConfig> | undefined): Check {
  if (parsed === undefined)
    return { check: 'configuration', state: 'warning', detail: 'no yagura.yaml here: the sample organization runs' };
  const [worst] = parsed.problems.toSorted((a) => (a.severity === 'error' ? -1 : 1));
  if (worst === undefined) return { check: 'configuration', state: 'ok', detail: name };
  return {
    check: 'configuration',
    state: parsed.config === undefined ? 'failed' : 'warning',
    detail: `${problemLine(name, worst)}${parsed.problems.length > 1 ? ` (and ${parsed.problems.length - 1} more: yagura config check)` : ''}`,
  };
}

function writable(dir: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  accessSync(dir, constants.W_OK);
  return dir;
}

async function storeWorks(dir: string, isSample: boolean): Promise<string> {
  const store = openSqliteStore({ path: join(dir, isSample ? 'sample.db' : 'yagura.db') });
  try {
    const counts = await store.outboxCounts();
    const parked = counts.filter((row) => row.state === 'parked').reduce((sum, row) => sum + row.count, 0);
    return parked === 0 ? 'opens' : `opens; ${parked} deliveries are parked: yagura deliveries list --state parked`;
  } finally {
    await store.close();
  }
}

async function slackCheck(token: string | undefined, baseUrl: string | undefined): Promise<Check> {
  if (token === undefined)
    return {
      check: 'Slack',
      state: 'not used',
      detail: 'no token: messages stay in the console. Set YAGURA_SLACK_BOT_TOKEN (docs: Slack app set-up)',
    };
  const result = await checkSlack({ token, ...(baseUrl === undefined ? {} : { baseUrl }) });
  return { check: 'Slack', state: result.ok ? 'ok' : 'failed', detail: result.detail };
}

async function organizationCheck(config: ReturnType<typeof parseConfig>['config']): Promise<Check> {
  const source = config === undefined ? undefined : directorySource(config, createSystemClock());
  if (source === undefined)
    return {
      check: 'AWS Organizations',
      state: 'not used',
      detail: 'accounts come from yagura.yaml alone (organization.aws reads them from AWS)',
    };
  return attemptAsync('AWS Organizations', async () => `${(await source.read()).accounts.length} accounts`);
}

async function presence(check: string, value: string | undefined, hint: string): Promise<Check> {
  return value === undefined ? { check, state: 'not used', detail: hint } : { check, state: 'ok', detail: 'set' };
}

function attempt(check: string, work: () => string): Check {
  try {
    return { check, state: 'ok', detail: work() };
  } catch (thrown) {
    return { check, state: 'failed', detail: messageOf(thrown) };
  }
}

async function attemptAsync(check: string, work: () => Promise<string>): Promise<Check> {
  try {
    return { check, state: 'ok', detail: await work() };
  } catch (thrown) {
    return { check, state: 'failed', detail: messageOf(thrown) };
  }
}
