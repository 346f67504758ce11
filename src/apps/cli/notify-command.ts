import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { createRenderer } from '#adapters/message-renderer/renderer.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { readEventFiles } from '#apps/cli/event-files.ts';
import { Exit } from '#apps/cli/exit.ts';
import { loadConfig, withFormat } from '#apps/cli/options.ts';
import { type Column, type Format, printRows, type Terminal } from '#apps/cli/output.ts';
import { previewDirectory } from '#apps/cli/preview-directory.ts';
import { directorySource } from '#apps/server/aws-sources.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import { configExceptions } from '#core/notification/config-exceptions.ts';
import { destinationLabel } from '#core/notification/destination.ts';
import { routingPolicy } from '#core/notification/policy.ts';
import { accountLabel } from '#core/organization/account.ts';
import { type PreviewEntry, previewEvents } from '#engine/preview.ts';

const COLUMNS: readonly Column<PreviewEntry>[] = [
  ['EVENT', (entry) => entry.event],
  ['KIND', (entry) => entry.kind],
  ['SEVERITY', (entry) => entry.severity],
  ['ACCOUNT', (entry) => (entry.account === null ? '-' : accountLabel(entry.account))],
  ['TEAM', (entry) => entry.team],
  ['DECISION', (entry) => `${entry.decision}${entry.action === 'none' ? '' : ` ${entry.action}`}`],
  ['TO', (entry) => (entry.destination === undefined ? '-' : destinationLabel(entry.destination))],
  ['REASON', (entry) => entry.reason],
];

/** yagura notify preview; `sourceOf` says where the accounts of a configuration come from besides its file. */
export function notifyCommand(terminal: Terminal, sourceOf: typeof directorySource = directorySource): Command {
  const preview = withFormat(new Command('preview'))
    .description(
      'Show what would be sent for event files, to whom and why. Starts from a fresh state, stores and sends nothing. Reads AWS Organizations where the configuration has organization.aws.',
    )
    .argument('<files...>', 'EventBridge events: one envelope, a JSON array or JSON lines; gzip allowed')
    .option('--config <file>', 'yagura.yaml', './yagura.yaml')
    .addHelpText(
      'after',
      '\nExample:\n  yagura notify preview --config yagura.yaml --format json guardduty.json hub.jsonl.gz\n',
    )
    .action(async (files: string[], options: { config: string; format: Format }) => {
      const config = loadConfig(readConfig(resolve(terminal.cwd, options.config)), options.config);
      const clock = createSystemClock();
      const now = clock.now();
      const { events, failures } = readEventFiles(files, terminal);
      const context = {
        directory: await previewDirectory(config, sourceOf(config, clock), terminal),
        policy: routingPolicy(config),
        exceptions: configExceptions(config, now),
        now,
      };
      const { accessPortal } = config.organization;
      const links = {
        ...(config.server.publicUrl === undefined ? {} : { consoleUrl: config.server.publicUrl }),
        ...(accessPortal === undefined ? {} : { accessPortal }),
      };
      const entries = previewEvents(
        events.map(({ event }) => event),
        { context, renderer: createRenderer(), links },
      );
      printRows(terminal, options.format, entries, COLUMNS);
      if (failures > 0) throw new Exit(1);
    });
  return new Command('notify').description('Messages to teams.').addCommand(preview);
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new YaguraError(
      'config.unreadable',
      `Cannot read ${path}: ${messageOf(cause)}. Name the file with --config.`,
      { cause },
    );
  }
}
