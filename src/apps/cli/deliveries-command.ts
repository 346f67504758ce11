import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { createSystemClock } from '#adapters/system/clock.ts';
import { withStore } from '#apps/cli/findings-command.ts';
import { type StoreOptions, wholeNumber, withFormat, withState } from '#apps/cli/options.ts';
import { type Column, type Format, printRows, stamp, type Terminal } from '#apps/cli/output.ts';
import { destinationLabel } from '#core/notification/destination.ts';
import type { OutboxItem, OutboxState } from '#core/notification/outbox.ts';

const COLUMNS: readonly Column<OutboxItem>[] = [
  ['ID', (item) => item.id],
  ['STATE', (item) => item.state],
  ['TO', (item) => destinationLabel(item.destination)],
  ['ACTION', (item) => item.action],
  ['SEVERITY', (item) => item.severity],
  ['TRIES', (item) => item.attempts],
  ['CREATED', (item) => stamp(item.createdAt)],
  ['PROBLEM', (item) => item.problemKey],
  ['ERROR', (item) => item.lastError],
];

type Common = StoreOptions & { format: Format };

/** yagura deliveries list|retry */
export function deliveriesCommand(terminal: Terminal): Command {
  const clock = createSystemClock();
  const list = withFormat(withState(new Command('list')))
    .description('List what was queued, sent or given up, newest first.')
    .addOption(new Option('--state <state>').choices(['queued', 'sending', 'sent', 'covered', 'parked']))
    .option('--limit <n>', 'at most this many', wholeNumber(1, 500), 50)
    .addHelpText('after', '\nExample:\n  yagura deliveries list --state parked\n')
    .action((options: Common & { state?: OutboxState; limit: number }) =>
      withStore(options, terminal, async (store) => {
        const page = await store.outboxPage({
          ...(options.state === undefined ? {} : { state: [options.state] }),
          limit: options.limit,
        });
        printRows(terminal, options.format, page.items, COLUMNS);
        terminal.err(`${page.items.length} of ${page.total}\n`);
      }),
    );
  const retry = withState(new Command('retry'))
    .description('Send parked messages again.')
    .argument('[ids...]')
    .option('--all', 'every parked message')
    .addHelpText('after', '\nExample:\n  yagura deliveries retry --all\n')
    .action((ids: string[], options: Common & { all?: boolean }) => {
      if (ids.length === 0 && options.all !== true)
        return retry.error('error: name the deliveries to retry, or say --all');
      return withStore(options, terminal, async (store) => {
        const chosen = options.all === true ? await parkedIds(store) : ids;
        let done = 0;
        for (const id of chosen) {
          if (!(await store.requeue(id, clock.now()))) terminal.err(`${id} is neither parked nor queued\n`);
          else {
            done += 1;
            await store.appendAudit({
              at: clock.now(),
              actor: `cli:${userInfo().username}`,
              action: 'delivery.retry',
              target: id,
              detail: {},
            });
          }
        }
        terminal.err(`${done} put back; a running yagura sends them now.\n`);
      });
    });
  return new Command('deliveries')
    .description('The outbox: what was sent, waits, or was parked.')
    .addCommand(list)
    .addCommand(retry);
}

async function parkedIds(store: Parameters<Parameters<typeof withStore>[2]>[0]): Promise<string[]> {
  const ids: string[] = [];
  for (let offset = 0; ; offset += 500) {
    const page = await store.outboxPage({ state: ['parked'], limit: 500, offset });
    ids.push(...page.items.map((item) => item.id));
    if (page.items.length < 500) return ids;
  }
}
