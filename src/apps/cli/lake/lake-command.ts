import { Command } from 'commander';
import { collectCommand } from '#apps/cli/lake/collect-command.ts';
import { compactCommand } from '#apps/cli/lake/compact-command.ts';
import { ingestCommand } from '#apps/cli/lake/ingest-command.ts';
import { normalizeCommand } from '#apps/cli/lake/normalize-command.ts';
import { quarantineCommand } from '#apps/cli/lake/quarantine-command.ts';
import { queryCommand } from '#apps/cli/lake/query-command.ts';
import { retentionCommand } from '#apps/cli/lake/retention-command.ts';
import { statsCommand } from '#apps/cli/lake/stats-command.ts';
import { tablesCommand } from '#apps/cli/lake/tables-command.ts';
import { verifyCommand } from '#apps/cli/lake/verify-command.ts';
import type { Terminal } from '#apps/cli/output.ts';

/** yagura lake … */
export function lakeCommand(terminal: Terminal): Command {
  const lake = new Command('lake').description('Logs as OCSF in an open lake.');
  for (const make of [
    ingestCommand,
    normalizeCommand,
    queryCommand,
    collectCommand,
    statsCommand,
    compactCommand,
    retentionCommand,
    verifyCommand,
    tablesCommand,
    quarantineCommand,
  ])
    lake.addCommand(make(terminal));
  return lake;
}
