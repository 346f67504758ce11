import type { StagedPart } from '#adapters/duckdb/staging/staged-part.ts';

/** Bytes of an object that are no record, or not a whole one. */
export interface StagedTrouble {
  /** Number of the (first) record of the object that it stands for. */
  readonly record: number;
  readonly count: number;
  readonly reason: string;
  readonly detail: string;
  /** The first bytes of it, at most 64 KiB. */
  readonly bytes: Buffer;
  /** Where it begins in the decoded bytes of the object, where that is known. */
  readonly offset?: number;
}

export interface StagedExclusion {
  readonly record: number;
  readonly rule: string;
}

/** A piece of an object, ready to be mapped; without a part it has only troubles or exclusions. */
export interface StagedPiece {
  readonly part?: StagedPart;
  readonly troubles: readonly StagedTrouble[];
  readonly exclusions: readonly StagedExclusion[];
  /** Uncompressed bytes of it. */
  readonly bytes: number;
}

/** Gives paths for temporary files; the caller removes them. */
export type NewFile = (ending: string) => string;
