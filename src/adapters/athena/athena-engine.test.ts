import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeLakeEngine, type PlannedAnswer } from '../../../test/contract/lake-engine.contract.ts';
import {
  type AwsAnswer,
  type AwsCall,
  type AwsJsonServer,
  startAwsJsonServer,
} from '../../../test/stand-ins/aws-json.ts';
import { createSkippingSleeper } from '../../../test/stand-ins/time.ts';
import { type AthenaSettings, createAthenaEngine } from './athena-engine.ts';

const id = '0f5d3c1a-1111-4222-8333-444455556666';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };

function resultsOf({ columns, rows }: PlannedAnswer, hasHeader = true): Record<string, unknown> {
  const data = (values: readonly (string | null)[]): unknown => ({
    Data: values.map((value) => (value === null ? {} : { VarCharValue: value })),
  });
  const header = hasHeader ? [data(columns.map(({ name }) => name))] : [];
  return {
    ResultSet: {
      Rows: [...header, ...rows.map(data)],
      ResultSetMetadata: { ColumnInfo: columns.map(({ name, type }) => ({ Name: name, Type: type })) },
    },
  };
}

const executionOf = (state: string, more: Readonly<Record<string, unknown>> = {}): AwsAnswer => ({
  body: {
    QueryExecution: {
      QueryExecutionId: id,
      StatementType: 'DML',
      Status: { State: state, ...more },
      Statistics: { DataScannedInBytes: 4096 },
    },
  },
});

function settingsOf(server: AwsJsonServer, more: Partial<AthenaSettings> = {}): AthenaSettings {
  return {
    endpoint: server.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    database: 'yagura',
    workGroup: 'responders',
    sleeper: createSkippingSleeper(),
    ...more,
  };
}

describe('Athena as an engine of the lake', () => {
  let server: AwsJsonServer;
  let planned: PlannedAnswer = { columns: [], rows: [] };

  beforeAll(async () => {
    server = await startAwsJsonServer(({ target }) => {
      if (target === 'StartQueryExecution') return { body: { QueryExecutionId: id } };
      if (target === 'GetQueryResults') return { body: resultsOf(planned) };
      return planned.failure === undefined
        ? executionOf('SUCCEEDED')
        : executionOf('FAILED', { StateChangeReason: planned.failure, AthenaError: { ErrorCategory: 2 } });
    });
  });

  afterAll(() => server.close());

  describeLakeEngine({
    open: async () => createAthenaEngine(settingsOf(server)),
    plan: async (answer) => {
      planned = answer;
    },
    canAbort: true,
  });
});

describe('The Athena adapter', () => {
  let server: AwsJsonServer | undefined;

  afterEach(() => server?.close());

  const startWith = async (handler: (call: AwsCall) => AwsAnswer): Promise<AwsJsonServer> => {
    server = await startAwsJsonServer((call) =>
      call.target === 'StartQueryExecution' ? { body: { QueryExecutionId: id } } : handler(call),
    );
    return server;
  };

  it('starts the statement with its values in the database and workgroup', async () => {
    const started = await startWith(({ target }) =>
      target === 'GetQueryExecution' ? executionOf('SUCCEEDED') : { body: resultsOf({ columns: [], rows: [] }) },
    );

    const engine = createAthenaEngine(settingsOf(started, { outputLocation: 's3://example-results/yagura/' }));
    await engine.ask('SELECT * FROM cloud_trail_mgmt WHERE x = ?', ["it's"]);

    expect(started.callsOf('StartQueryExecution')[0]?.input).toMatchObject({
      QueryString: "SELECT * FROM cloud_trail_mgmt WHERE x = 'it''s'",
      QueryExecutionContext: { Database: 'yagura' },
      WorkGroup: 'responders',
      ResultConfiguration: { OutputLocation: 's3://example-results/yagura/' },
    });
  });

  it('polls less and less often until the query has ended', async () => {
    const states = ['QUEUED', 'RUNNING', 'RUNNING', 'SUCCEEDED'];
    const sleeper = createSkippingSleeper();
    const started = await startWith(({ target }) =>
      target === 'GetQueryExecution'
        ? executionOf(states.shift() ?? 'SUCCEEDED')
        : { body: resultsOf({ columns: [{ name: 'n', type: 'integer' }], rows: [['1']] }) },
    );

    const answer = await createAthenaEngine(settingsOf(started, { sleeper })).ask('SELECT 1 AS n');

    expect(answer).toMatchObject({ rows: [[1]], scannedBytes: 4096 });
    expect(sleeper.slept).toEqual([200, 300, 450]);
  });

  it('reads all pages, and takes the names of the columns for no row', async () => {
    const page = (rows: readonly (readonly string[])[], isFirst: boolean): Record<string, unknown> =>
      resultsOf({ columns: [{ name: 'n', type: 'bigint' }], rows }, isFirst);
    const started = await startWith(({ target, input }) => {
      if (target === 'GetQueryExecution') return executionOf('SUCCEEDED');
      if (input['NextToken'] === undefined) return { body: { ...page([['1'], ['2']], true), NextToken: 'second' } };
      return input['NextToken'] === 'second'
        ? { body: { ...page([['3']], false), NextToken: 'third' } }
        : { body: page([['4']], false) };
    });

    const answer = await createAthenaEngine(settingsOf(started)).ask('SELECT n FROM t');

    expect(answer.rows).toEqual([[1], [2], [3], [4]]);
    expect(answer.isCut).toBe(false);
  });

  it('asks for no further page once it has the rows that are wanted', async () => {
    const started = await startWith(({ target }) =>
      target === 'GetQueryExecution'
        ? executionOf('SUCCEEDED')
        : {
            body: { ...resultsOf({ columns: [{ name: 'n', type: 'bigint' }], rows: [['1'], ['2']] }), NextToken: 'x' },
          },
    );

    const answer = await createAthenaEngine(settingsOf(started)).ask('SELECT n FROM t', [], { rows: 1 });

    expect(answer).toMatchObject({ rows: [[1]], isCut: true });
    expect(started.callsOf('GetQueryResults')).toHaveLength(1);
  });

  it('stops the query in Athena when nobody waits any more', async () => {
    const stop = new AbortController();
    const started = await startWith(({ target }) => {
      if (target === 'GetQueryExecution') stop.abort(new Error('stopped by a person'));
      return target === 'GetQueryExecution' ? executionOf('RUNNING') : { body: {} };
    });

    const asked = createAthenaEngine(settingsOf(started)).ask('SELECT 1', [], { signal: stop.signal });

    await expect(asked).rejects.toThrow('stopped by a person');
    expect(started.callsOf('StopQueryExecution')[0]?.input).toEqual({ QueryExecutionId: id });
  });

  it('names the query and the reason of Athena where it fails', async () => {
    const reason = "COLUMN_NOT_FOUND: line 1:8: Column 'nowhere' cannot be resolved";
    const started = await startWith(() =>
      executionOf('FAILED', { StateChangeReason: reason, AthenaError: { ErrorCategory: 2, Retryable: false } }),
    );

    const asked = createAthenaEngine(settingsOf(started)).ask('SELECT nowhere');

    await expect(asked).rejects.toMatchObject({
      code: 'input.invalid',
      retryable: false,
      message: `Query ${id} in workgroup responders failed: ${reason}`,
    });
  });

  it('tells a failure of Athena itself from a wrong statement', async () => {
    const started = await startWith(() =>
      executionOf('FAILED', {
        StateChangeReason: 'Internal error',
        AthenaError: { ErrorCategory: 1, Retryable: true },
      }),
    );

    const asked = createAthenaEngine(settingsOf(started)).ask('SELECT 1');

    await expect(asked).rejects.toMatchObject({ code: 'store.unavailable', retryable: true });
  });

  it('says what a cancelled query may have run into', async () => {
    const started = await startWith(() =>
      executionOf('CANCELLED', { StateChangeReason: 'Bytes scanned limit was exceeded' }),
    );

    const asked = createAthenaEngine(settingsOf(started)).ask('SELECT 1');

    await expect(asked).rejects.toThrow(/cancelled: Bytes scanned limit was exceeded.*a shorter time reads less/);
  });

  it('says which permission is missing', async () => {
    server = await startAwsJsonServer(() => ({ error: 'AccessDeniedException', message: 'not authorized' }));

    const asked = createAthenaEngine(settingsOf(server)).ask('SELECT 1');

    await expect(asked).rejects.toThrow(/athena:StartQueryExecution failed.*Allow athena:StartQueryExecution/);
  });

  it('refuses a statement that is longer than Athena takes', async () => {
    const started = await startWith(() => executionOf('SUCCEEDED'));

    const asked = createAthenaEngine(settingsOf(started)).ask('SELECT ?', ['x'.repeat(300_000)]);

    await expect(asked).rejects.toMatchObject({ code: 'input.invalid' });
    expect(started.calls).toHaveLength(0);
  });
});
