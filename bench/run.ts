import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** One measured number; `goal` is what the issue asks, as `>= 10000` or `<= 1.5`. */
export type Measure = {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: string;
};
export type Bench = { readonly name: string; run(): Promise<readonly Measure[]> };

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname).filter(
  (file) => file.endsWith('.ts') && file !== 'run.ts' && !file.startsWith('_'),
);

console.log(`${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`);
for (const file of files.sort()) {
  const loaded: unknown = await import(join(import.meta.dirname, file));
  if (!hasBench(loaded) || (wanted.length > 0 && !wanted.includes(loaded.bench.name))) continue;
  console.log(`\n${loaded.bench.name}`);
  for (const measure of await loaded.bench.run()) console.log(`  ${line(measure)}`);
}
// Child processes and stores of a bench are closed by it; what a library keeps alive is no reason to wait.
process.exit();

function line({ metric, value, unit, goal }: Measure): string {
  const shown = value >= 100 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 1000) / 1000);
  const verdict = goal === undefined ? '' : `   goal ${goal}: ${reaches(value, goal) ? 'reached' : 'NOT reached'}`;
  return `${metric.padEnd(72)} ${shown.padStart(12)} ${unit}${verdict}`;
}

function reaches(value: number, goal: string): boolean {
  const [, operator, bound] = /^(>=|<=|<|>)\s*([\d.]+)/.exec(goal) ?? [];
  if (bound === undefined) return false;
  return operator?.startsWith('>') === true ? value >= Number(bound) : value <= Number(bound);
}

function hasBench(module: unknown): module is { bench: Bench } {
  return typeof module === 'object' && module !== null && 'bench' in module;
}
