import { beforeEach, describe, expect, it } from 'vitest';
import { createAthenaEngine } from '#adapters/athena/athena-engine.ts';
import { describeLakeEngine, type PlannedAnswer } from '../contract/lake-engine.contract.ts';
import { motoAccess, motoMissing, motoUrl, resetMoto } from '../stand-ins/moto.ts';
import { createSkippingSleeper } from '../stand-ins/time.ts';

/** moto runs no SQL: it answers the next query with what is queued. */
async function queue({ columns, rows }: PlannedAnswer): Promise<void> {
  const data = (values: readonly (string | null)[]): unknown => ({
    Data: values.map((value) => (value === null ? {} : { VarCharValue: value })),
  });
  const answer = await fetch(`${motoUrl()}/moto-api/static/athena/query-results`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      region: 'us-east-1',
      results: [
        {
          rows: [data(columns.map(({ name }) => name)), ...rows.map(data)],
          column_info: columns.map(({ name, type }) => ({ Name: name, Type: type, Nullable: 'UNKNOWN' })),
        },
      ],
    }),
  });
  if (!answer.ok) throw new Error(`moto takes no results: ${answer.status}`);
}

const settings = () => ({ ...motoAccess(), database: 'yagura', sleeper: createSkippingSleeper() });

describe.skipIf(motoMissing)('Athena at moto', () => {
  beforeEach(resetMoto);

  describeLakeEngine({
    open: async () => createAthenaEngine(settings()),
    plan: queue,
    canAbort: true,
    cannotFail: true,
  });

  it('waits through all states of a query', async () => {
    await queue({ columns: [{ name: 'n', type: 'integer' }], rows: [['1']] });
    const given = settings();
    await fetch(`${motoUrl()}/moto-api/state-manager/set-transition`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model_name: 'athena::execution', transition: { progression: 'manual', times: 2 } }),
    });

    const answer = await createAthenaEngine(given).ask('SELECT 1 AS n');

    expect(answer.rows).toEqual([[1]]);
    expect(given.sleeper.slept.length).toBeGreaterThan(1);
  });
});
