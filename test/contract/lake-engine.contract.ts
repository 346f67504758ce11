import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LakeEngine } from '#ports/lake-engine.ts';

/** An answer as the engine's stand-in has to give it, where the engine itself runs nothing. */
export interface PlannedAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** The reason of a statement that fails. */
  readonly failure?: string;
}

export interface LakeEngineSubject {
  open(): Promise<LakeEngine>;
  /** Tells a stand-in what its next statement answers; real engines need no telling. */
  readonly plan?: (answer: PlannedAnswer) => Promise<void>;
  readonly canAbort: boolean;
  /** The stand-in cannot let a statement fail. */
  readonly cannotFail?: true;
}

const types = `SELECT 'it''s ? "ユーザー"' AS t, CAST(NULL AS varchar) AS nothing, 7 AS n, CAST(9007199254740993 AS bigint) AS big,
  CAST(0.5 AS double) AS half, true AS yes, CAST('2026-11-01 02:03:04.567' AS timestamp) AS at, ? AS text, ? AS number`;

/** What every engine does; to be called inside a `describe`. */
export function describeLakeEngine(subject: LakeEngineSubject): void {
  let engine: LakeEngine;
  const plan = async (answer: PlannedAnswer): Promise<void> => subject.plan?.(answer);

  beforeAll(async () => {
    engine = await subject.open();
  });

  afterAll(() => engine.close());

  it('gives texts, numbers, truth, times and nothing as JavaScript has them', async () => {
    await plan({
      columns: [
        { name: 't', type: 'varchar' },
        { name: 'nothing', type: 'varchar' },
        { name: 'n', type: 'integer' },
        { name: 'big', type: 'bigint' },
        { name: 'half', type: 'double' },
        { name: 'yes', type: 'boolean' },
        { name: 'at', type: 'timestamp' },
        { name: 'text', type: 'varchar' },
        { name: 'number', type: 'integer' },
      ],
      rows: [
        [
          'it\'s ? "ユーザー"',
          null,
          '7',
          '9007199254740993',
          '0.5',
          'true',
          '2026-11-01 02:03:04.567',
          "o'clock -- ?",
          '42',
        ],
      ],
    });

    const answer = await engine.ask(types, ["o'clock -- ?", 42]);

    expect(answer.columns.map(({ type }) => type)).toEqual([
      ...['text', 'text', 'whole', 'whole', 'decimal', 'boolean', 'time', 'text', 'whole'],
    ]);
    expect(answer.rows).toEqual([
      [
        ...['it\'s ? "ユーザー"', null, 7, '9007199254740993', 0.5, true, '2026-11-01T02:03:04.567Z'],
        ...["o'clock -- ?", 42],
      ],
    ]);
    expect(answer.isCut).toBe(false);
  });

  it('names the columns of an answer without rows', async () => {
    await plan({ columns: [{ name: 'n', type: 'integer' }], rows: [] });

    const answer = await engine.ask('SELECT 1 AS n WHERE 1 = 0');

    expect(answer).toMatchObject({ columns: [{ name: 'n', type: 'whole' }], rows: [], isCut: false });
  });

  it('gives no more rows than asked for, and says so', async () => {
    await plan({ columns: [{ name: 'n', type: 'integer' }], rows: [['1'], ['2'], ['3']] });

    const answer = await engine.ask('SELECT n FROM (VALUES (1), (2), (3)) AS v(n) ORDER BY n', [], { rows: 2 });

    expect(answer.rows).toEqual([[1], [2]]);
    expect(answer.isCut).toBe(true);
  });

  it('refuses values that no ? stands for', async () => {
    await expect(engine.ask('SELECT ?', ['a', 'b'])).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it.skipIf(subject.cannotFail === true)('tells the reason of the engine where a statement is wrong', async () => {
    await plan({ columns: [], rows: [], failure: "COLUMN_NOT_FOUND: line 1:8: Column 'nowhere' cannot be resolved" });

    await expect(engine.ask('SELECT nowhere FROM (VALUES (1)) AS v(n)')).rejects.toThrow(/nowhere/);
  });

  it.skipIf(!subject.canAbort)('runs nothing once it is told to stop', async () => {
    const asked = engine.ask('SELECT 1', [], { signal: AbortSignal.abort(new Error('stopped by a person')) });

    await expect(asked).rejects.toThrow('stopped by a person');
  });
}
