import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { describeTables } from '#adapters/duckdb/table-definitions.ts';
import { withData } from '#apps/cli/options.ts';
import { jsonFor, type Terminal } from '#apps/cli/output.ts';
import { knownSources } from '#apps/lake/known-sources.ts';
import { hiveType } from '#core/lake/schema/column-type.ts';
import {
  athenaCreateTable,
  glueTableInput,
  type Partitions,
  type TableDefinition,
  trinoCreateTable,
} from '#core/lake/schema/table-ddl.ts';

interface TablesOptions {
  readonly data: string;
  readonly format: 'json' | 'glue' | 'athena' | 'trino';
  readonly location: string;
  readonly database: string;
  readonly regions?: readonly string[];
  readonly accounts?: readonly string[];
  readonly since: string;
}

/** yagura lake tables */
export function tablesCommand(terminal: Terminal): Command {
  return withData(new Command('tables'))
    .description('Print the definitions of the tables of the lake, for AWS Glue, Athena or Trino.')
    .addOption(
      new Option('--format <format>', 'what to print').choices(['json', 'glue', 'athena', 'trino']).default('json'),
    )
    .option('--location <url>', 'where the lake is', location, 's3://example-lake')
    .option('--database <name>', 'database of Glue, or catalog.schema of Trino', database, 'yagura')
    .option('--regions <list>', 'Regions with logs, by commas (default: each query must name one)', values)
    .option('--accounts <list>', 'accounts with logs, by commas (default: each query must name one)', values)
    .option('--since <day>', 'first day with logs, YYYYMMDD', day, '20200101')
    .addHelpText(
      'after',
      '\nExample:\n  yagura lake tables --format athena --location s3://example-lake --regions ap-northeast-1,us-east-1\n',
    )
    .action(async (options: TablesOptions) => {
      const definitions = await describeTables(knownSources(resolve(terminal.cwd, options.data)));
      terminal.out(`${printed(definitions, options)}\n`);
    });
}

function printed(definitions: readonly TableDefinition[], options: TablesOptions): string {
  const { database: name, location: root } = options;
  const partitions: Partitions = {
    since: options.since,
    ...(options.regions === undefined ? {} : { regions: options.regions }),
    ...(options.accounts === undefined ? {} : { accounts: options.accounts }),
  };
  switch (options.format) {
    case 'json':
      return jsonFor(definitions.map(asJson));
    case 'glue':
      return jsonFor(definitions.map((found) => glueTableInput(found, root, partitions)));
    case 'athena':
      return definitions.map((found) => `${athenaCreateTable(found, name, root, partitions)};`).join('\n\n');
    case 'trino':
      return definitions.map((found) => `${trinoCreateTable(found, name, root, partitions)};`).join('\n\n');
  }
}

function asJson(definition: TableDefinition): Readonly<Record<string, unknown>> {
  return {
    name: definition.name,
    title: definition.title,
    folder: definition.folder,
    classes: definition.classes.map((found) => found.name),
    columns: Object.entries(definition.columns).map(([name, type]) => ({ name, type: hiveType(type) })),
    partitions: ['region', 'accountid', 'eventday'],
  };
}

function values(text: string): readonly string[] {
  const found = text.split(',').map((value) => value.trim());
  if (found.every((value) => /^[A-Za-z0-9_-]+$/.test(value))) return found;
  throw new InvalidArgumentError('Write them like ap-northeast-1,us-east-1.');
}

function location(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\/[^\s'"`$]+$/.test(text)) return text;
  throw new InvalidArgumentError('Write it like s3://example-lake/prefix.');
}

function database(text: string): string {
  if (/^[a-z0-9_]+(?:\.[a-z0-9_]+)?$/.test(text)) return text;
  throw new InvalidArgumentError('Lower case letters, digits and _ only.');
}

function day(text: string): string {
  if (/^[12]\d{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(text)) return text;
  throw new InvalidArgumentError('Write it like 20260101.');
}
