import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import type { z } from 'zod';
import { type Config, configSchema } from '#core/config/config-schema.ts';
import { crossChecks, type RawProblem } from '#core/config/cross-checks.ts';
import { suggestKey, suggestValue } from '#core/config/suggest.ts';
import { usablePart } from '#core/config/usable-part.ts';
import { yamlProblems } from '#core/config/yaml-problems.ts';
import { messageOf } from '#core/errors/yagura-error.ts';

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

/**
 * Reads yagura.yaml. `config` is there when no problem is an error; every problem has a place and, where one is known, a suggestion.
 * With `now` it also says which exceptions have ended or last too long.
 */
export function parseConfig(text: string, now?: number): ParsedConfig {
  const lines = new LineCounter();
  const body = text.replace(/^\uFEFF/, '');
  const document = parseDocument(body, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const broken = yamlProblems(document.errors).map(
    ({ offset, message, suggestion }): ConfigProblem => ({
      severity: 'error',
      path: '',
      ...place(lines, offset),
      message,
      suggestion,
    }),
  );
  // A key that stands twice spoils nothing else; any other error may.
  if (document.errors.some((error) => error.code !== 'DUPLICATE_KEY')) return { config: undefined, problems: broken };
  const plain = withoutAliases(document);
  if ('broken' in plain)
    return {
      config: undefined,
      problems: [{ severity: 'error', path: '', ...place(lines, aliasOffset(document)), ...plain.broken }],
    };
  const value = plain.value ?? {};
  const parsed = configSchema.safeParse(value);
  // Which of two values is meant is not known: what follows from them is not said.
  const raw = parsed.success
    ? broken.length > 0
      ? []
      : crossChecks(parsed.data, now)
    : [...firstOfEach(parsed.error.issues.flatMap((issue) => fromIssue(issue, value))), ...errorsBeside(value)];
  const problems = [...broken, ...raw.map((problem) => placed(problem, document, lines))];
  return {
    config: parsed.success && !problems.some((problem) => problem.severity === 'error') ? parsed.data : undefined,
    problems: problems.sort((a, b) => a.line - b.line || a.column - b.column),
  };
}

/** A value of the wrong type breaks every other rule about it as well. */
function firstOfEach(problems: readonly RawProblem[]): RawProblem[] {
  const places = new Map(problems.toReversed().map((problem) => [JSON.stringify(problem.path), problem]));
  return [...places.values()].toReversed();
}

/** What else is wrong in a file that the schema refuses, so that a person can mend all at once. */
function errorsBeside(value: unknown): RawProblem[] {
  const usable = usablePart(value);
  return usable === undefined ? [] : crossChecks(usable).filter((problem) => problem.severity === 'error');
}

type Plain = { readonly value: unknown } | { readonly broken: { message: string; suggestion: string } };

/** Aliases are written out; a bomb of them is refused before it grows. */
function withoutAliases(document: Document): Plain {
  try {
    return { value: document.toJS({ maxAliasCount: 50 }) as unknown };
  } catch (thrown) {
    return {
      broken: {
        message: `not usable YAML: ${messageOf(thrown)}`,
        suggestion: 'write the values out instead of using *',
      },
    };
  }
}

function aliasOffset(document: Document): number {
  let found: Node | undefined;
  visit(document, (_key, node) => {
    if (!isAlias(node)) return undefined;
    found = node;
    return visit.BREAK;
  });
  return found?.range?.[0] ?? 0;
}

function fromIssue(issue: z.core.$ZodIssue, root: unknown): RawProblem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      severity: 'error' as const,
      path: [...path, key],
      message: `unknown key "${key}"`,
      onKey: true,
      suggestion: suggestKey(key, path),
    }));
  }
  if (issue.code === 'invalid_key') {
    const message = issue.issues[0]?.message ?? issue.message;
    return [{ severity: 'error', path, message, onKey: true, suggestion: 'choose another name for this key' }];
  }
  const value = valueAt(root, path);
  const key = String(path.at(-1) ?? '');
  if (issue.code === 'invalid_type' && value === undefined)
    return [{ severity: 'error', path, message: `"${key}" is missing`, suggestion: `add "${key}: …"` }];
  const suggestion = suggestValue(issue, path, value);
  return [{ severity: 'error', path, message: issue.message, ...(suggestion === undefined ? {} : { suggestion }) }];
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
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
