import type { DialectName } from '#core/lake/sql/dialect.ts';
import type { EngineType, EngineValue } from '#core/lake/sql/engine-value.ts';
import type { SqlValue } from '#core/lake/sql/with-literals.ts';

export interface EngineColumn {
  readonly name: string;
  readonly type: EngineType;
}

export interface EngineAnswer {
  readonly columns: readonly EngineColumn[];
  readonly rows: readonly (readonly EngineValue[])[];
  /** There were more rows than asked for. */
  readonly isCut: boolean;
  /** Bytes that the engine read, where it says so: Athena is paid by them. */
  readonly scannedBytes?: number;
}

export interface EngineRequest {
  /** At most so many rows; 10,000 unless given. */
  readonly rows?: number;
  /** Stops the query in the engine too. */
  readonly signal?: AbortSignal;
}

/** An engine that reads the lake with SQL. */
export interface LakeEngine {
  readonly dialect: DialectName;
  /**
   * Runs one SELECT whose `?` stand for the parameters. Throws `input.invalid` where the statement is wrong or cannot be
   * run, with the engine's reason; the reason of `signal` where it aborts.
   */
  ask(sql: string, parameters?: readonly SqlValue[], request?: EngineRequest): Promise<EngineAnswer>;
  close(): void;
}
