import { resolve } from 'node:path';
import { Command } from 'commander';
import { Exit } from '#apps/cli/exit.ts';
import { normalizedPieces } from '#apps/cli/lake/normalized-pieces.ts';
import { withFormat } from '#apps/cli/options.ts';
import { type Format, jsonFor, plain, type Terminal } from '#apps/cli/output.ts';
import { mappingFile } from '#apps/lake/known-sources.ts';
import { missingAttributes } from '#core/lake/schema/required-attributes.ts';

interface Trial {
  readonly file: string;
  events: number;
  quarantined: { readonly record: number; readonly reason: string; readonly detail: string }[];
  excluded: number;
  /** Attributes that OCSF requires and events lack, with how many. */
  readonly missing: Record<string, number>;
  /** Values without a place, by name, with how many events have them. */
  readonly unmapped: Record<string, number>;
  first: unknown;
}

/** yagura sources test */
export function sourcesTestCommand(terminal: Terminal): Command {
  return withFormat(new Command('test'))
    .description('Try a mapping file on log files: what becomes of each record, what is missing, what has no place.')
    .argument('<mapping>', 'mapping file (YAML)')
    .argument('<samples...>', 'log files')
    .addHelpText('after', '\nExample:\n  yagura sources test door.yaml door-sample.txt\n')
    .action(async (mapping: string, samples: string[], options: { format: Format }) => {
      const source = mappingFile(resolve(terminal.cwd, mapping));
      const trials: Trial[] = [];
      for (const file of samples) {
        const trial: Trial = {
          file,
          events: 0,
          quarantined: [],
          excluded: 0,
          missing: {},
          unmapped: {},
          first: undefined,
        };
        for await (const piece of normalizedPieces(file, { named: source, sources: [source] }, terminal)) {
          for (const { event } of piece.events) take(trial, event);
          trial.quarantined.push(
            ...piece.quarantined.map(({ record, reason, detail }) => ({ record, reason, detail })),
          );
          trial.excluded += piece.excluded.length;
        }
        trials.push(trial);
      }
      print(trials, options.format, terminal);
      if (trials.some((trial) => Object.keys(trial.missing).length > 0)) throw new Exit(1);
      if (trials.some((trial) => trial.quarantined.length > 0)) throw new Exit(3);
    });
}

function take(trial: Trial, event: Readonly<Record<string, unknown>>): void {
  trial.events += 1;
  trial.first ??= event;
  for (const path of missingAttributes(event)) trial.missing[path] = (trial.missing[path] ?? 0) + 1;
  for (const name of Object.keys(event['unmapped'] ?? {})) trial.unmapped[name] = (trial.unmapped[name] ?? 0) + 1;
}

function print(trials: readonly Trial[], format: Format, terminal: Terminal): void {
  if (format === 'json') return terminal.out(`${jsonFor(trials, 2)}\n`);
  if (format === 'jsonl') return terminal.out(trials.map((trial) => `${jsonFor(trial)}\n`).join(''));
  for (const trial of trials) {
    terminal.out(
      `${plain(trial.file)}: ${trial.events} events, ${trial.quarantined.length} quarantined, ${trial.excluded} excluded\n`,
    );
    for (const { record, reason, detail } of trial.quarantined.slice(0, 10))
      terminal.out(`  record ${record}: ${plain(reason)}: ${plain(detail)}\n`);
    for (const [path, count] of Object.entries(trial.missing)) terminal.out(`  missing in ${count} events: ${path}\n`);
    const names = Object.entries(trial.unmapped).map(([name, count]) => `${plain(name)} (${count})`);
    if (names.length > 0) terminal.out(`  kept in unmapped: ${names.join(', ')}\n`);
    if (trial.first !== undefined)
      terminal.out(`  the first event:\n${jsonFor(trial.first, 2).replaceAll(/^/gm, '    ')}\n`);
  }
}
