import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { delimiter, dirname, resolve } from 'node:path';
import { messageOf } from '../../src/core/errors/yagura-error.ts';
import { helpText } from './deploy-help.ts';
import { contextOf, type DeployOptions, parseDeployOptions, type Step } from './deploy-options.ts';
import { type DeploymentSettings, readSettings } from './deployment-settings.ts';
import { memberReadTemplate } from './member-read-template.ts';

const here = import.meta.dirname;
// npm runs the script in its workspace; files are meant from where the person typed the command.
const startedIn = process.env['INIT_CWD'] ?? process.cwd();

const stacksOf: Readonly<Record<Step, readonly string[]>> = {
  management: ['YaguraManagement*'],
  hub: ['YaguraHub'],
  regions: ['YaguraRegion-*'],
};

function main(args: readonly string[]): number {
  const options = parseDeployOptions(args);
  if (options.command === 'help') {
    process.stdout.write(helpText);
    return 0;
  }
  const config = resolve(startedIn, options.config);
  const context = contextOf(options.context);
  const settings = readSettings(config, (key) => context[key]);
  if (options.command === 'member-template') {
    process.stdout.write(`${JSON.stringify(memberReadTemplate(settings), null, 2)}\n`);
    return 0;
  }
  const synthesized = cdk(['synth', '--quiet', ...contextArguments(config, options)]);
  if (synthesized !== 0) return synthesized;
  if (options.command === 'plan') {
    process.stdout.write(planText(settings, options));
    return 0;
  }
  return deploySteps(options);
}

function deploySteps(options: DeployOptions): number {
  for (const step of options.only) {
    process.stderr.write(`\n== ${step}: ${stacksOf[step].join(', ')}\n`);
    const status = cdk(['deploy', '--app', 'cdk.out', ...stacksOf[step], ...deployArguments(step, options)]);
    if (status !== 0) {
      process.stderr.write(
        `\nStep "${step}" failed. Repair what is said above and run the same command again: what is done stays done.\n`,
      );
      return status;
    }
  }
  return 0;
}

function deployArguments(step: Step, options: DeployOptions): string[] {
  const profile = options.profiles[step === 'management' ? 'management' : 'hub'];
  return [
    '--concurrency',
    '4',
    ...(profile === undefined ? [] : ['--profile', profile]),
    '--require-approval',
    options.yes ? 'never' : 'broadening',
  ];
}

function contextArguments(config: string, options: DeployOptions): string[] {
  return [`config=${config}`, ...options.context].flatMap((pair) => ['--context', pair]);
}

/** Runs the CDK's command line on this very Node, also for the programs it starts. */
function cdk(args: readonly string[]): number {
  const program = resolve(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin/cdk');
  const { status, error } = spawnSync(process.execPath, [program, '--no-notices', ...args], {
    cwd: here,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
  });
  if (error !== undefined) throw error;
  return status ?? 1;
}

function planText(settings: DeploymentSettings, options: DeployOptions): string {
  const step = (name: string, account: string, regions: readonly string[]): string =>
    `  ${name.padEnd(12)} account ${account}  ${regions.join(', ')}\n`;
  const profile = options.profiles.hub === undefined ? '' : ` --profile ${options.profiles.hub}`;
  const further = settings.governedRegions.filter((region) => region !== settings.homeRegion);
  return [
    'The templates are in deploy/cdk/cdk.out; nothing was changed.\n',
    step('management', settings.managementAccount, [...new Set(['us-east-1', 'us-west-2', settings.homeRegion])]),
    step('hub', settings.hubAccount, [settings.homeRegion]),
    step('regions', settings.hubAccount, further),
    `  Slack app ${settings.slackApp ? 'yes' : 'no'}, Health polling ${settings.healthPolling ? 'yes' : 'no'}, `,
    `alarms to ${settings.alarmEmail ?? 'nobody (set alarmEmail)'}\n`,
    'What would change in an account that has it already:\n',
    `  cd deploy/cdk && npx cdk diff --app cdk.out YaguraHub${profile}\n`,
  ].join('');
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\nnpm run deploy -- --help explains.\n`);
  process.exitCode = 1;
}
