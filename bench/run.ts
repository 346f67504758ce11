import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename, join } from 'node:path';

/** One measured number; `goal` is what was promised, as `>= 10000` or `<= 1.5`. */
export type Measure = {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: string;
};
export type Bench = { readonly name: string; run(): Promise<readonly Measure[]> };

const COLUMNS = ['bench', 'metric', 'value', 'unit', 'goal', 'ratio', ''] as const;
const WIDTHS = [12, 66, 10, 14, 9, 6, 0] as const;

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts' && !file.startsWith('_'))
  .sort();
const names = files.map((file) => basename(file, '.ts'));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  process.exit(2);
}

const processor = cpus()[0]?.model ?? 'unknown processor';
const memory = Math.round(totalmem() / 2 ** 30);
console.log(`${cpus().length} cores, ${processor}, ${memory} GiB, Node ${process.version}\n`);
console.log(row(COLUMNS));
for (const [n, file] of files.entries()) {
  const name = names[n] ?? file;
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const loaded: unknown = await import(join(import.meta.dirname, file));
  if (!hasBench(loaded)) throw new Error(`bench/${file} exports no bench`);
  for (const measure of await loaded.bench.run()) console.log(row(cellsOf(name, measure)));
}
// Child processes and stores of a bench are closed by it; what a library keeps alive is no reason to wait.
process.exit();

function cellsOf(name: string, { metric, value, unit, goal }: Measure): string[] {
  const shown = value >= 100 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100);
  if (goal === undefined) return [name, metric, shown, unit, '', '', ''];
  const [, operator = '', bound = ''] = /^(>=|<=|<|>)\s*([\d.]+)/.exec(goal) ?? [];
  const ratio = value / Number(bound);
  const isReached = operator.startsWith('>') ? ratio >= 1 : ratio <= 1;
  return [name, metric, shown, unit, goal, ratio.toFixed(2), isReached ? 'reached' : 'NOT reached'];
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, n) => (n === 2 || n === 5 ? cell.padStart(WIDTHS[n] ?? 0) : cell.padEnd(WIDTHS[n] ?? 0)))
    .join('  ')
    .trimEnd();
}

function hasBench(module: unknown): module is { bench: Bench } {
  return typeof module === 'object' && module !== null && 'bench' in module;
}
