import {
  AthenaClient,
  type ColumnInfo,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  type Row,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { type AwsAccess, createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { awsFailure, explainAwsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { type EngineValue, engineTypeOf, engineValue } from '#core/lake/sql/engine-value.ts';
import { withLiterals } from '#core/lake/sql/with-literals.ts';
import type { Sleeper } from '#ports/clock.ts';
import type { EngineAnswer, EngineColumn, LakeEngine } from '#ports/lake-engine.ts';

export interface AthenaSettings extends AwsAccess {
  /** The database (Glue) in which bare table names are looked for. */
  readonly database: string;
  /** Its limit on scanned bytes and its place for results hold. `primary` unless given. */
  readonly workGroup?: string;
  /** `AwsDataCatalog` unless given. */
  readonly catalog?: string;
  /** Where results go, `s3://…`; absent: where the workgroup says. */
  readonly outputLocation?: string;
  readonly sleeper: Sleeper;
}

/** What a call to Athena is made with. */
interface Athena {
  readonly client: AthenaClient;
  readonly settings: AthenaSettings;
}

const firstPollMs = 200;
const lastPollMs = 5_000;
const rowsPerPage = 1000;
// Athena itself takes 262,144 bytes.
const longestStatement = 262_144;

/**
 * The engine of the AWS home. Needs `athena:StartQueryExecution`, `GetQueryExecution`, `GetQueryResults` and
 * `StopQueryExecution` on the workgroup, and what Athena needs in turn: Glue's tables, the lake's and the results' objects.
 */
export function createAthenaEngine(settings: AthenaSettings): LakeEngine {
  const athena: Athena = { client: createAwsClients(settings)(AthenaClient), settings };
  return {
    dialect: 'trino',
    ask: async (sql, parameters = [], { rows = 10_000, signal } = {}) => {
      const statement = withLiterals(sql, parameters);
      signal?.throwIfAborted();
      const id = await start(athena, statement);
      const execution = await finished(athena, id, signal);
      return await answerOf(athena, id, execution, rows, signal);
    },
    close: () => athena.client.destroy(),
  };
}

async function start({ client, settings }: Athena, statement: string): Promise<string> {
  const bytes = Buffer.byteLength(statement);
  if (bytes > longestStatement)
    throw new YaguraError(
      'input.invalid',
      `The statement has ${bytes} bytes; Athena takes ${longestStatement}. Use fewer or shorter values`,
    );
  const started = await called('athena:StartQueryExecution', settings, () =>
    client.send(
      new StartQueryExecutionCommand({
        QueryString: statement,
        QueryExecutionContext: {
          Database: settings.database,
          ...(settings.catalog === undefined ? {} : { Catalog: settings.catalog }),
        },
        WorkGroup: workGroupOf(settings),
        ...(settings.outputLocation === undefined
          ? {}
          : { ResultConfiguration: { OutputLocation: settings.outputLocation } }),
      }),
    ),
  );
  if (started.QueryExecutionId === undefined)
    throw new YaguraError('store.unavailable', 'Athena started a query but gave no id for it', { retryable: true });
  return started.QueryExecutionId;
}

/** Waits until the query has ended; it is stopped in Athena too when nobody waits any more. */
async function finished(athena: Athena, id: string, signal: AbortSignal | undefined): Promise<QueryExecution> {
  const { client, settings } = athena;
  for (let wait = firstPollMs; ; wait = Math.min(wait * 1.5, lastPollMs)) {
    if (signal?.aborted === true) {
      await stop(athena, id);
      signal.throwIfAborted();
    }
    const { QueryExecution: execution } = await called(`athena:GetQueryExecution ${id}`, settings, () =>
      client.send(new GetQueryExecutionCommand({ QueryExecutionId: id })),
    );
    const state = execution?.Status?.State;
    if (execution !== undefined && state === 'SUCCEEDED') return execution;
    if (state === 'FAILED' || state === 'CANCELLED') throw failureOf(id, state, execution, settings);
    await settings.sleeper.sleep(wait, signal);
  }
}

/** A query that cannot be stopped ends by itself or at the workgroup's limit: the reason to stop is what the asker wants to hear. */
async function stop({ client }: Athena, id: string): Promise<void> {
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
}

function failureOf(
  id: string,
  state: 'FAILED' | 'CANCELLED',
  execution: QueryExecution | undefined,
  settings: AthenaSettings,
): YaguraError {
  const status = execution?.Status;
  const reason = status?.StateChangeReason ?? status?.AthenaError?.ErrorMessage ?? 'no reason given';
  const what = `Query ${id} in workgroup ${workGroupOf(settings)}`;
  if (state === 'CANCELLED')
    return new YaguraError(
      'input.invalid',
      `${what} was cancelled: ${reason}. Somebody stopped it, or it would have read more than the workgroup allows; a shorter time reads less.`,
    );
  // 1: a problem of Athena itself; 2: of the statement or of what it reads; 3: other.
  const isOwn = status?.AthenaError?.ErrorCategory === 1;
  return new YaguraError(isOwn ? 'store.unavailable' : 'input.invalid', `${what} failed: ${reason}`, {
    retryable: status?.AthenaError?.Retryable ?? isOwn,
  });
}

async function answerOf(
  { client, settings }: Athena,
  id: string,
  execution: QueryExecution,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<EngineAnswer> {
  const rows: (readonly EngineValue[])[] = [];
  let columns: readonly EngineColumn[] = [];
  let token: string | undefined;
  let isFirst = true;
  do {
    signal?.throwIfAborted();
    const page = await called(`athena:GetQueryResults ${id}`, settings, () =>
      client.send(
        new GetQueryResultsCommand({
          QueryExecutionId: id,
          MaxResults: rowsPerPage,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      ),
    );
    const info = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
    if (isFirst) columns = info.map(columnOf);
    const found = page.ResultSet?.Rows ?? [];
    // The first row of a SELECT names the columns.
    const values = isFirst && execution.StatementType === 'DML' ? found.slice(1) : found;
    for (const row of values) rows.push(valuesOf(row, columns));
    token = page.NextToken;
    isFirst = false;
  } while (token !== undefined && token !== '' && rows.length <= limit);
  const scannedBytes = execution.Statistics?.DataScannedInBytes;
  return {
    columns,
    rows: rows.slice(0, limit),
    isCut: rows.length > limit,
    ...(scannedBytes === undefined ? {} : { scannedBytes }),
  };
}

function columnOf(info: ColumnInfo): EngineColumn {
  return { name: info.Name ?? '', type: engineTypeOf(info.Type ?? 'varchar') };
}

function valuesOf(row: Row, columns: readonly EngineColumn[]): readonly EngineValue[] {
  return columns.map(({ type }, at) => engineValue(type, row.Data?.[at]?.VarCharValue));
}

function workGroupOf(settings: AthenaSettings): string {
  return settings.workGroup ?? 'primary';
}

async function called<Answer>(what: string, access: AwsAccess, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (cause) {
    const failure = awsFailure(cause);
    // What Athena refuses before it starts is a statement that it cannot read, or a workgroup that is not there.
    const code = failure.name === 'InvalidRequestException' ? 'input.invalid' : 'store.unavailable';
    throw new YaguraError(code, explainAwsFailure(failure, { what, access }), { cause, retryable: failure.retryable });
  }
}
