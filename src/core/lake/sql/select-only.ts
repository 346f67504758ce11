/** A part of a statement that may not run against the lake. */
export interface RefusedPart {
  readonly kind: 'syntax' | 'statement' | 'function' | 'table';
  readonly message: string;
}

/** Table functions that read nothing but their arguments. */
const harmlessTableFunctions = new Set(['unnest', 'range', 'generate_series', 'json_each', 'json_tree']);
/** Scalar functions that tell of the machine or change something. */
const refusedFunctions =
  /^(?:getenv|current_setting|pg_.*|nextval|currval|getvariable|set_.*|write_.*|read_.*|query|query_table|in_search_path|current_database|version|txid_current|add_parquet_key)$/;

type Tree = Readonly<Record<string, unknown>>;

/**
 * What a statement has that may not run, by its parse tree (`json_serialize_sql` of DuckDB, which itself takes SELECT
 * only): several statements, functions that reach files or settings, tables other than the lake's views.
 */
export function refusedParts(parsed: unknown, views: readonly string[]): readonly RefusedPart[] {
  if (!isTree(parsed)) return [{ kind: 'syntax', message: 'The statement cannot be read.' }];
  if (parsed['error'] === true) return [refusal(parsed)];
  const statements = Array.isArray(parsed['statements']) ? (parsed['statements'] as unknown[]) : [];
  if (statements.length !== 1)
    return [{ kind: 'statement', message: `Write one SELECT statement, not ${statements.length}.` }];
  const nodes = [...nodesOf(statements)];
  const known = new Set([...views, ...nodes.flatMap(namesOfCtes)].map((name) => name.toLowerCase()));
  return nodes.flatMap((node) => judge(node, known));
}

function refusal(parsed: Tree): RefusedPart {
  const message = String(parsed['error_message'] ?? '');
  return message.startsWith('Only SELECT')
    ? { kind: 'statement', message: 'Only SELECT may be asked of the lake: nothing is written, attached or set.' }
    : { kind: 'syntax', message };
}

function judge(node: Tree, known: ReadonlySet<string>): readonly RefusedPart[] {
  const type = node['type'];
  if (type === 'TABLE_FUNCTION') {
    const name = isTree(node['function']) ? String(node['function']['function_name']) : '';
    return harmlessTableFunctions.has(name.toLowerCase())
      ? []
      : [{ kind: 'function', message: `The function ${name} may not be used: it could read files.` }];
  }
  if (type === 'BASE_TABLE') return judgeTable(node, known);
  if (type === 'SHOW_REF') return [{ kind: 'statement', message: 'Only SELECT may be asked of the lake.' }];
  if (node['class'] === 'FUNCTION' && refusedFunctions.test(String(node['function_name']).toLowerCase())) {
    return [{ kind: 'function', message: `The function ${String(node['function_name'])} may not be used.` }];
  }
  return [];
}

function judgeTable(node: Tree, known: ReadonlySet<string>): readonly RefusedPart[] {
  const name = String(node['table_name']);
  const isPlain = [node['schema_name'], node['catalog_name']].every((part) => part === '' || part === undefined);
  if (isPlain && known.has(name.toLowerCase())) return [];
  return [
    {
      kind: 'table',
      message: `There is no table ${name} in the lake. Tables are: ${[...known].toSorted().join(', ')}.`,
    },
  ];
}

function namesOfCtes(node: Tree): readonly string[] {
  const ctes = node['cte_map'];
  const entries = isTree(ctes) && Array.isArray(ctes['map']) ? (ctes['map'] as unknown[]) : [];
  return entries.flatMap((entry) => (isTree(entry) && typeof entry['key'] === 'string' ? [entry['key']] : []));
}

function* nodesOf(value: unknown): Generator<Tree> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  else if (isTree(value)) {
    yield value;
    for (const item of Object.values(value)) yield* nodesOf(item);
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
