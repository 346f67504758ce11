import { Command } from 'commander';
import { Exit } from '#apps/cli/exit.ts';
import { withStore } from '#apps/cli/findings-command.ts';
import { type StoreOptions, withState } from '#apps/cli/options.ts';
import { plain, stamp, type Terminal } from '#apps/cli/output.ts';
import { type AuditEntry, brokenLink } from '#core/audit/audit-entry.ts';

/** yagura audit verify */
export function auditCommand(terminal: Terminal): Command {
  const verify = withState(new Command('verify'))
    .description('Prove that the audit log is whole: every entry chained to the one before by its hash.')
    .addHelpText('after', '\nExample:\n  yagura audit verify --data /var/lib/yagura\n')
    .action((options: StoreOptions) =>
      withStore(options, terminal, async (store) => {
        let last: AuditEntry | undefined;
        for (;;) {
          const entries = await store.auditEntries(last?.sequence ?? 0, 1_000);
          for (const entry of entries) {
            const problem = brokenLink(entry, last);
            if (problem !== undefined) {
              terminal.out(
                `broken at entry ${entry.sequence} (${stamp(entry.at)} UTC, ${plain(entry.actor)} ${plain(entry.action)}): ${problem}\n`,
              );
              throw new Exit(1);
            }
            last = entry;
          }
          if (entries.length < 1_000) break;
        }
        terminal.out(
          last === undefined
            ? 'The audit log is empty.\n'
            : `${last.sequence} entries, unbroken. Last hash ${last.hash}\n`,
        );
      }),
    );
  return new Command('audit').description('The record of every decision.').addCommand(verify);
}
