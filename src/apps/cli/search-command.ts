import { Command, Option } from 'commander';
import { openLakeSearch } from '#adapters/duckdb/lake-search.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { Exit } from '#apps/cli/exit.ts';
import { lakeRoot, openManifest } from '#apps/cli/lake/lake-folder.ts';
import { wholeNumber, withData, withFormat } from '#apps/cli/options.ts';
import { type Column, type Format, jsonFor, plain, printRows, type Terminal } from '#apps/cli/output.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { OcsfEvent } from '#core/lake/event-json.ts';
import { parseSearch } from '#core/lake/search/search-query.ts';
import { timeOf } from '#core/lake/search/time-of.ts';

interface SearchOptions {
  readonly data: string;
  readonly from: string;
  readonly to: string;
  readonly limit: number;
  readonly order: 'newest' | 'oldest';
  readonly format: Format;
}

const columns: readonly Column<OcsfEvent>[] = [
  ['TIME', (event) => new Date(Number(event['time'])).toISOString()],
  ['CLASS', (event) => String(event['class_name'])],
  ['ACTIVITY', (event) => String(event['activity_name'])],
  ['ACCOUNT', (event) => valueAt(event, 'cloud', 'account', 'uid')],
  [
    'ACTOR',
    (event) =>
      valueAt(event, 'actor', 'user', 'name') ??
      valueAt(event, 'user', 'name') ??
      valueAt(event, 'actor', 'user', 'uid'),
  ],
  ['SOURCE', (event) => valueAt(event, 'src_endpoint', 'ip') ?? valueAt(event, 'src_endpoint', 'svc_name')],
  ['STATUS', (event) => valueAt(event, 'status')],
];

/** yagura search */
export function searchCommand(terminal: Terminal): Command {
  return (
    withFormat(withData(new Command('search')))
      .description('Search the events of the lake.')
      .argument('[query...]', 'e.g. actor.user.name:alice src_endpoint.ip:203.0.113.0/24 -status:Failure "free text"')
      .option('--from <time>', 'beginning: -24h, 2026-11-24, 2026-11-24T01:02:03Z', '-24h')
      .option('--to <time>', 'end, exclusive', 'now')
      .option('--limit <n>', 'at most so many events', wholeNumber(1, 1_000_000), 1000)
      .addOption(new Option('--order <order>', 'which come first').choices(['newest', 'oldest']).default('newest'))
      .addHelpText(
        'after',
        "\nExample:\n  yagura search 'actor.user.name:alice -status:Failure' --from -7d --format jsonl\n",
      )
      // A search may begin with a minus, which would be an option otherwise.
      .allowUnknownOption()
      .action((words: string[], options: SearchOptions) => search(wholeQuery(words, terminal), options, terminal))
  );
}

async function search(query: string, options: SearchOptions, terminal: Terminal): Promise<void> {
  const parsed = parseSearch(query);
  if (!parsed.ok)
    throw new YaguraError(
      'input.invalid',
      `The search cannot be read at character ${parsed.problem.at + 1}: ${parsed.problem.message}.`,
    );
  const now = createSystemClock().now();
  const root = lakeRoot(options.data, terminal);
  const manifest = openManifest(root);
  const lake = await openLakeSearch({ root, manifest, threads: 2, memoryMiB: 1024 });
  try {
    const range = { from: moment('--from', options.from, now), to: moment('--to', options.to, now) };
    const { hits, isCut } = await lake.events({
      node: parsed.node,
      ...range,
      limit: options.limit,
      order: options.order,
    });
    const events = hits.map(({ event }) => event);
    if (options.format === 'table') printRows(terminal, 'table', events, columns);
    else if (options.format === 'json') terminal.out(`${jsonFor(events, 2)}\n`);
    else terminal.out(events.map((event) => `${jsonFor(event)}\n`).join(''));
    if (isCut) terminal.err(`Only the ${options.order} ${options.limit} events: see --limit.\n`);
  } finally {
    lake.close();
    manifest.close();
  }
}

function wholeQuery(words: readonly string[], terminal: Terminal): string {
  const option = words.find((word) => word.startsWith('--'));
  if (option !== undefined) {
    terminal.err(`error: unknown option '${plain(option)}'
Try --help.
`);
    throw new Exit(2);
  }
  return words.join(' ');
}

function moment(option: string, text: string, now: number): number {
  const time = timeOf(text, now);
  if (time === undefined)
    throw new YaguraError(
      'input.invalid',
      `${option} ${text} is no time. Write it like -24h, now, 2026-11-24 or 2026-11-24T01:02:03Z.`,
    );
  return time;
}

function valueAt(value: unknown, ...path: readonly string[]): string | null {
  const found = path.reduce<unknown>(
    (level, key) =>
      typeof level === 'object' && level !== null
        ? Object.entries(level).find(([name]) => name === key)?.[1]
        : undefined,
    value,
  );
  return found === undefined || found === null ? null : String(found);
}
