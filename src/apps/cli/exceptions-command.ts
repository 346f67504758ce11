import { userInfo } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { createSystemClock } from '#adapters/system/clock.ts';
import { createSystemRandom } from '#adapters/system/random.ts';
import { withStore } from '#apps/cli/findings-command.ts';
import { type StoreOptions, wholeNumber, withFormat, withState } from '#apps/cli/options.ts';
import { type Column, type Format, plain, printRows, stamp, type Terminal } from '#apps/cli/output.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import { type Exception, MAX_EXCEPTION_DAYS } from '#core/notification/exception.ts';
import { isActive } from '#core/notification/exception-match.ts';
import { accountId } from '#core/organization/account.ts';
import { addException, removeException } from '#engine/problem-actions.ts';

type Common = StoreOptions & { format: Format };
type AddOptions = Common & {
  problem?: string;
  type?: string;
  account?: string;
  resource?: string;
  team?: string;
  reason: string;
  owner: string;
  days: number;
};

const columns = (now: number): readonly Column<Exception>[] => [
  ['ID', (exception) => exception.id],
  [
    'STATE',
    (exception) => (isActive(exception, now) ? 'active' : exception.removedAt === null ? 'expired' : 'removed'),
  ],
  [
    'SCOPE',
    (exception) =>
      Object.entries(exception.scope)
        .map(([key, value]) => `${key}=${value}`)
        .join(' '),
  ],
  ['OWNER', (exception) => exception.owner],
  ['REASON', (exception) => exception.reason],
  ['EXPIRES', (exception) => stamp(exception.expiresAt)],
  ['SILENCED', (exception) => exception.silenced],
];

/** yagura exceptions list|add|remove */
export function exceptionsCommand(terminal: Terminal): Command {
  const clock = createSystemClock();
  const person = { id: `cli:${userInfo().username}`, name: userInfo().username };
  const list = withFormat(withState(new Command('list')))
    .description('List accepted risks, also ended ones.')
    .addHelpText('after', '\nExample:\n  yagura exceptions list --format json\n')
    .action((options: Common) =>
      withStore(options, terminal, async (store) =>
        printRows(terminal, options.format, await store.exceptions(), columns(clock.now())),
      ),
    );
  const add = withFormat(withState(new Command('add')))
    .description('Accept a risk: what matches all given scopes is silent until it expires.')
    .option('--problem <key>')
    .option('--type <pattern>', 'control id, GuardDuty type or Health event type; * stands for anything')
    .option('--account <id>', '', twelveDigits)
    .option('--resource <id>', 'exact, or with *')
    .option('--team <id>')
    .requiredOption('--reason <text>')
    .requiredOption('--owner <name>')
    .option('--days <n>', `at most ${MAX_EXCEPTION_DAYS}`, wholeNumber(1, MAX_EXCEPTION_DAYS), 30)
    .addHelpText(
      'after',
      '\nExample:\n  yagura exceptions add --type S3.8 --account 111122223333 --reason "public website" --owner web-team --days 90\n',
    )
    .action((options: AddOptions) =>
      withStore(options, terminal, async (store) => {
        const scope = {
          ...(options.problem === undefined ? {} : { problemKey: options.problem as ProblemKey }),
          ...(options.type === undefined ? {} : { type: options.type }),
          ...(options.account === undefined ? {} : { accountId: options.account }),
          ...(options.resource === undefined ? {} : { resource: options.resource }),
          ...(options.team === undefined ? {} : { team: options.team }),
        };
        await mustExist(options.problem, store);
        const exception = await addException(
          { scope, reason: options.reason, owner: options.owner, days: options.days },
          person,
          { store, clock, random: createSystemRandom() },
        );
        printRows(terminal, options.format, [exception], columns(clock.now()));
      }),
    );
  const remove = withFormat(withState(new Command('remove')))
    .description('End an accepted risk now; what it silenced is told again.')
    .argument('<id>')
    .addHelpText('after', '\nExample:\n  yagura exceptions remove 3kTMd9nB1qQ\n')
    .action((id: string, options: Common) =>
      withStore(options, terminal, async (store) => {
        const removed = await removeException(id, person, { store, clock, random: createSystemRandom() });
        printRows(terminal, options.format, [removed], columns(clock.now()));
      }),
    );
  return new Command('exceptions')
    .description('Accepted risks: owner, reason, scope, expiry.')
    .addCommand(list)
    .addCommand(add)
    .addCommand(remove);
}

function twelveDigits(text: string): string {
  if (accountId(text) !== undefined) return text;
  throw new InvalidArgumentError('An account id has 12 digits.');
}

/** A typing error would make an exception that covers nothing. */
async function mustExist(
  problem: string | undefined,
  store: Parameters<Parameters<typeof withStore>[2]>[0],
): Promise<void> {
  if (problem === undefined) return;
  const key = problem as ProblemKey; // the store says when it is none
  if ((await store.problems([key])).has(key)) return;
  throw new YaguraError('not-found', `There is no finding ${plain(problem)}. List them with: yagura findings list`);
}
