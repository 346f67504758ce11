import { Command, Option } from 'commander';
import { openStore, type StoreOptions, wholeNumber, withFormat, withState } from '#apps/cli/options.ts';
import { type Column, type Format, jsonFor, plain, printRows, stamp, type Terminal } from '#apps/cli/output.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';
import { SEVERITIES, type Severity } from '#core/finding/severity.ts';
import { destinationLabel } from '#core/notification/destination.ts';
import type { StateStore } from '#ports/state-store.ts';

const COLUMNS: readonly Column<Problem>[] = [
  ['SEVERITY', (problem) => problem.observation.severity],
  ['STATUS', (problem) => problem.status],
  ['KIND', (problem) => problem.observation.kind],
  ['ACCOUNT', (problem) => problem.observation.accountId],
  ['TEAM', (problem) => problem.team],
  ['TITLE', (problem) => problem.observation.title],
  ['LAST SEEN', (problem) => stamp(problem.lastSeenAt)],
  ['KEY', (problem) => problem.key],
];

type ListOptions = {
  data: string;
  config?: string;
  format: Format;
  status: 'open' | 'resolved' | 'suppressed' | 'all';
  severity?: Severity;
  account?: string;
  team?: string;
  text?: string;
  limit: number;
};

/** yagura findings list|show */
export function findingsCommand(terminal: Terminal): Command {
  const list = withFormat(withState(new Command('list')))
    .description('List problems, newest first.')
    .addOption(new Option('--status <status>').choices(['open', 'resolved', 'suppressed', 'all']).default('open'))
    .addOption(new Option('--severity <severity>').choices(SEVERITIES))
    .option('--account <id>')
    .option('--team <id>')
    .option('--text <words>', 'searched in title, type, resources, account and team')
    .option('--limit <n>', 'at most this many', wholeNumber(1, 500), 50)
    .addHelpText('after', '\nExample:\n  yagura findings list --severity CRITICAL --format json\n')
    .action((options: ListOptions) =>
      withStore(options, terminal, async (store) => {
        const query = {
          ...(options.status === 'all' ? {} : { status: [options.status] }),
          ...(options.severity === undefined ? {} : { severity: [options.severity] }),
          ...(options.account === undefined ? {} : { accountId: [options.account] }),
          ...(options.team === undefined ? {} : { team: [options.team] }),
          ...(options.text === undefined ? {} : { text: options.text }),
        };
        const page = await store.problemPage({
          ...query,
          limit: options.limit,
          sort: { by: 'lastSeenAt', descending: true },
        });
        printRows(terminal, options.format, page.items, COLUMNS);
        terminal.err(`${page.items.length} of ${page.total}\n`);
      }),
    );
  const show = withFormat(withState(new Command('show')))
    .description('Show one problem with its history and who was told.')
    .argument('<key>', 'problem key, as list prints it')
    .addHelpText('after', '\nExample:\n  yagura findings show guardduty:b4b01b60fc24a199139f8f5f490edd81\n')
    .action((key: string, options: StoreOptions & { format: Format }) =>
      withStore(options, terminal, (store) => showOne(key as ProblemKey, options.format, store, terminal)),
    ); // the store says when it is none
  return new Command('findings').description('Problems and what became of them.').addCommand(list).addCommand(show);
}

type Store = StateStore;

async function showOne(key: ProblemKey, format: Format, store: Store, terminal: Terminal): Promise<void> {
  const problem = (await store.problems([key])).get(key);
  if (problem === undefined)
    throw new YaguraError('not-found', `There is no finding ${plain(key)}. List them with: yagura findings list`);
  const history = await store.history(key);
  if (format !== 'table') return terminal.out(`${jsonFor({ problem, history }, format === 'json' ? 2 : 0)}\n`);
  const { observation } = problem;
  const told = Object.values(problem.told).map((entry) => destinationLabel(entry.destination));
  const lines = [
    observation.title,
    `${observation.severity}  ${problem.status}  ${observation.kind} ${observation.type}`,
    `account ${observation.accountId ?? '-'}  region ${observation.region}  team ${problem.team ?? '-'}`,
    `seen ${problem.timesSeen} times, ${stamp(problem.firstSeenAt)} to ${stamp(problem.lastSeenAt)} UTC`,
    `told: ${told.join(', ') || 'nobody'}`,
    '',
    observation.description,
    '',
  ];
  terminal.out(`${lines.map(plain).join('\n')}\n`);
  printRows(terminal, 'table', history, [
    ['AT', (entry) => stamp(entry.at)],
    ['WHAT', (entry) => entry.what],
    ['BY', (entry) => entry.by],
    ['DETAIL', (entry) => entry.detail],
  ]);
}

/** Opens the store, and closes it whatever happens. */
export async function withStore(
  options: StoreOptions,
  terminal: Terminal,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const store = await openStore(options, terminal);
  try {
    await work(store);
  } finally {
    await store.close();
  }
}
