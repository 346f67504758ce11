import { type Document, isMap, isPair, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Config, configSchema } from '#core/config/config-schema.ts';
import { crossChecks, type RawProblem } from '#core/config/cross-checks.ts';
import { nearest } from '#core/config/nearest.ts';

export type ConfigProblem = {
  readonly severity: 'error' | 'warning';
  /** Path of keys, e.g. `teams.payments.slack.guardduty`. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly suggestion: string | null;
};

export type ParsedConfig = { readonly config: Config | undefined; readonly problems: readonly ConfigProblem[] };

/** Reads yagura.yaml. `config` is there when no problem is an error; every problem has a place and, where one is known, a suggestion. */
export function parseConfig(text: string): ParsedConfig {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  if (document.errors.length > 0) {
    return {
      config: undefined,
      problems: document.errors.map((error) => ({
        severity: 'error',
        path: '',
        ...place(lines, error.pos[0]),
        message: `not valid YAML: ${error.message}`,
        suggestion: null,
      })),
    };
  }
  // An alias bomb is refused by maxAliasCount and reported like any other error.
  const value: unknown = document.toJS({ maxAliasCount: 50 });
  const parsed = configSchema.safeParse(value ?? {});
  const raw = parsed.success
    ? crossChecks(parsed.data)
    : parsed.error.issues.flatMap((issue) => fromIssue(issue, value));
  const problems = raw.map((problem) => placed(problem, document, lines));
  return {
    config: parsed.success && !problems.some((problem) => problem.severity === 'error') ? parsed.data : undefined,
    problems,
  };
}

function fromIssue(issue: z.core.$ZodIssue, root: unknown): RawProblem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      severity: 'error' as const,
      path: [...path, key],
      message: `unknown key "${key}"`,
      onKey: true,
      ...suggestKey(key, path),
    }));
  }
  const value = valueAt(root, path);
  if (issue.code === 'invalid_type' && value === undefined)
    return [{ severity: 'error', path, message: `"${String(path.at(-1))}" is missing` }];
  const suggestion = suggestValue(issue, value);
  return [{ severity: 'error', path, message: issue.message, ...(suggestion === undefined ? {} : { suggestion }) }];
}

const KEYS_BY_PARENT: Readonly<Record<string, readonly string[]>> = {
  '': ['organization', 'teams', 'central', 'routes', 'exceptions', 'server', 'intake', 'health', 'deployment'],
  organization: ['name', 'accounts', 'ous', 'aws', 'accessPortal'],
  accounts: ['id', 'name', 'ou', 'environment', 'team'],
  teams: ['name', 'language', 'slack', 'minimumSeverity', 'quietHours', 'digest'],
  central: ['name', 'language', 'slack', 'minimumSeverity', 'quietHours', 'digest'],
  slack: ['guardduty', 'securityhub', 'health'],
  minimumSeverity: ['guardduty', 'securityhub', 'health'],
  routes: ['name', 'match', 'to', 'decision', 'minimumSeverity', 'language'],
  match: [
    'kind',
    'environment',
    'ou',
    'account',
    'team',
    'region',
    'severity',
    'type',
    'product',
    'resource',
    'sample',
  ],
  exceptions: ['type', 'account', 'resource', 'team', 'reason', 'owner', 'expires'],
};

function suggestKey(key: string, path: readonly (string | number)[]): { suggestion?: string } {
  const last = path.at(-1);
  const parent = typeof last === 'number' || path.at(-2) === 'teams' ? String(path.at(-2)) : String(last ?? '');
  const known = KEYS_BY_PARENT[parent] ?? [];
  const close = nearest(key, known);
  if (close !== undefined) return { suggestion: `did you mean "${close}"?` };
  return known.length === 0 ? {} : { suggestion: `known keys here: ${known.join(', ')}` };
}

function suggestValue(issue: z.core.$ZodIssue, value: unknown): string | undefined {
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const close = nearest(value, issue.values.map(String));
    return close === undefined ? `one of ${issue.values.join(', ')}` : `did you mean "${close}"?`;
  }
  if (issue.path.at(-1) === 'id' || issue.path.includes('account')) return suggestAccountId(value);
  if (issue.path.includes('slack') && typeof value === 'string' && !value.startsWith('#'))
    return `write "#${value.replace(/^[@#\s]+/, '').replaceAll(' ', '-')}" in quotes`;
  return undefined;
}

function suggestAccountId(value: unknown): string | undefined {
  if (typeof value === 'number' && value > 0 && value < 1e12)
    return `write "${String(value).padStart(12, '0')}" in quotes`;
  if (typeof value !== 'string') return undefined;
  const digits = value.replaceAll(/[\s-]/g, '');
  if (!/^\d{1,12}$/.test(digits)) return undefined;
  return `write "${digits.padStart(12, '0')}"${digits.length < 12 ? ' if a program cut leading zeros' : ''}`;
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined),
    root,
  );
}

function placed(problem: RawProblem, document: Document, lines: LineCounter): ConfigProblem {
  return {
    severity: problem.severity,
    path: problem.path.join('.'),
    ...place(lines, offsetOf(document, problem.path, problem.onKey === true)),
    message: problem.message,
    suggestion: problem.suggestion ?? null,
  };
}

function place(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Where the path stands in the text; a missing part is shown at its nearest parent. */
function offsetOf(document: Document, path: readonly (string | number)[], onKey: boolean): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (onKey && isMap(parent)) {
      const pair = parent.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
      ) as Pair<Node> | undefined;
      const start = pair?.key.range?.[0];
      if (start !== undefined) return start;
    }
    const node = document.getIn(path.slice(0, length), true);
    if (hasRange(node)) return node.range[0];
  }
  return hasRange(document.contents) ? document.contents.range[0] : 0;
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return node !== null && typeof node === 'object' && 'range' in node && Array.isArray(node.range);
}
