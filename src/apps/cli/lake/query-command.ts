import { Command, Option } from 'commander';
import { openLakeQuery, type QueryAnswer } from '#adapters/duckdb/lake-query.ts';
import { lakeRoot, openManifest } from '#apps/cli/lake/lake-folder.ts';
import { wholeNumber, withData } from '#apps/cli/options.ts';
import { jsonFor, printRows, type Terminal } from '#apps/cli/output.ts';

interface QueryOptions {
  readonly data: string;
  readonly format: 'table' | 'json' | 'jsonl' | 'csv';
  readonly limit: number;
  readonly timeout: number;
}

/** yagura lake query */
export function queryCommand(terminal: Terminal): Command {
  return withData(new Command('query'))
    .description('Ask the lake with SQL (one SELECT).')
    .argument('<sql>', 'tables are the OCSF classes (api_activity, network_activity, …) and events')
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json', 'jsonl', 'csv']).default('table'),
    )
    .option('--limit <n>', 'at most so many rows', wholeNumber(1, 10_000_000), 10_000)
    .option('--timeout <seconds>', 'stop after so long', wholeNumber(1, 86_400), 60)
    .addHelpText(
      'after',
      '\nExample:\n  yagura lake query "SELECT api.operation, count(*) FROM api_activity WHERE eventDay >= \'20261101\' GROUP BY 1 ORDER BY 2 DESC"\n',
    )
    .action(async (sql: string, options: QueryOptions) => {
      const root = lakeRoot(options.data, terminal);
      const manifest = openManifest(root);
      const lake = await openLakeQuery(root, manifest.files(), {
        seconds: options.timeout,
        memoryMiB: 1024,
        threads: 2,
        rows: options.limit,
      });
      try {
        const answer = await lake.ask(sql);
        printAnswer(answer, options, terminal);
        if (answer.isCut) terminal.err(`Only the first ${options.limit} rows: see --limit.\n`);
      } finally {
        lake.close();
        manifest.close();
      }
    });
}

function printAnswer({ columns, rows }: QueryAnswer, options: QueryOptions, terminal: Terminal): void {
  if (options.format === 'csv') {
    const lines = [columns.map(({ name }) => name), ...rows.map((row) => columns.map(({ name }) => cell(row[name])))];
    terminal.out(lines.map((line) => `${line.map(csvField).join(',')}\r\n`).join(''));
    return;
  }
  printRows(
    terminal,
    options.format,
    rows,
    columns.map(({ name }) => [name, (row) => cell(row[name])] as const),
  );
}

function cell(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? jsonFor(value) : String(value);
}

/** Quoted where it must be; what a spreadsheet would take for a formula begins with an apostrophe. */
function csvField(text: string | null): string {
  if (text === null) return '';
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
