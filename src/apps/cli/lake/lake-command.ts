import { Command } from 'commander';
import { collectCommand } from '#apps/cli/lake/collect-command.ts';
import { ingestCommand } from '#apps/cli/lake/ingest-command.ts';
import { normalizeCommand } from '#apps/cli/lake/normalize-command.ts';
import { queryCommand } from '#apps/cli/lake/query-command.ts';
import type { Terminal } from '#apps/cli/output.ts';

/** yagura lake … */
export function lakeCommand(terminal: Terminal): Command {
  const lake = new Command('lake').description('Logs as OCSF in an open lake.');
  for (const make of [ingestCommand, normalizeCommand, queryCommand, collectCommand]) lake.addCommand(make(terminal));
  return lake;
}
