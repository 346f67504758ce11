import type { LakeFile } from '#ports/lake-manifest.ts';

/** A file on disk below the lake's tables. */
export interface FileOnDisk {
  /** Path below the lake's root, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** When it was put there or written, epoch ms. */
  readonly changedAt: number;
}

/** What a file says of itself. */
export type FileReading =
  | { readonly kind: 'read'; readonly rows: number }
  | { readonly kind: 'missing' }
  /** It is there, and is no whole Parquet file. */
  | { readonly kind: 'broken'; readonly detail: string };

/** What the rows of a file say, all columns read. */
export type RowsReading =
  | {
      readonly kind: 'read';
      /** Rows by the uri of the object they come from. */
      readonly objects: ReadonlyMap<string, number>;
      /** Epoch ms; absent where there is no row. */
      readonly minTime?: number;
      readonly maxTime?: number;
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'broken'; readonly detail: string };

/** A file that is written but not yet in its place. */
export interface FileInWaiting {
  readonly file: LakeFile;
  readonly waitingAt: string;
}

/**
 * The files of the lake themselves, for its upkeep.
 * @example const merged = await files.merge(small); await files.place([merged]); manifest.commit(…);
 */
export interface LakeFiles {
  /** Writes files of one table, shape and partition as one, sorted by time, durably. Throws where a row would be lost. */
  merge(files: readonly LakeFile[]): Promise<FileInWaiting>;
  /** Puts files in their place, durably, before the manifest names them. */
  place(files: readonly FileInWaiting[]): Promise<void>;
  /** Removes files; those that are gone already are no error. */
  remove(paths: readonly string[]): Promise<void>;
  /** Every file below the lake's tables, named by the manifest or not. */
  list(): AsyncIterable<FileOnDisk>;
  /** Size of a file; undefined where there is none. */
  size(path: string): Promise<number | undefined>;
  /** Reads the footers of files, in the order given. */
  footers(paths: readonly string[]): Promise<readonly FileReading[]>;
  /** Reads all rows of a file. */
  rows(path: string): Promise<RowsReading>;
  /** What processes that ended without cleaning up left behind; those at work are not listed. */
  leftovers(): Promise<readonly FileOnDisk[]>;
  removeLeftover(path: string): Promise<void>;
  close(): void;
}
