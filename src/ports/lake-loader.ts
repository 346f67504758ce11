import type { ExclusionTally, LakeFile, ObjectEntry, QuarantineEntry } from '#ports/lake-manifest.ts';
import type { ObjectInfo } from '#ports/object-store.ts';

export interface ObjectToLoad {
  readonly info: ObjectInfo;
  readonly body: AsyncIterable<Uint8Array>;
  /** Id of the source where it is known; otherwise the object is recognised by its key and content. */
  readonly source?: string;
}

/** What came of objects: files that are written but not yet in their place, and every record accounted for. */
export interface LoadedObjects {
  readonly objects: readonly ObjectEntry[];
  /** Files with the path where each waits, outside of the lake's tables. */
  readonly files: readonly { readonly file: LakeFile; readonly waitingAt: string }[];
  readonly quarantined: readonly QuarantineEntry[];
  readonly exclusions: readonly ExclusionTally[];
}

/** One worker that maps objects to files. Small objects are collected and mapped together. */
export interface LoadLane {
  /** Takes an object in; gives what is finished by it, which may be other objects or nothing yet. Throws what the body throws. */
  add(object: ObjectToLoad): Promise<readonly LoadedObjects[]>;
  /** Finishes whatever is still collected. */
  flush(): Promise<readonly LoadedObjects[]>;
  /** Writes a file anew without the rows of some objects; undefined where no row is left. */
  without(
    file: LakeFile,
    uris: ReadonlySet<string>,
  ): Promise<{ readonly file: LakeFile; readonly waitingAt: string } | undefined>;
  close(): void;
}

export interface LakeLoader {
  lane(): Promise<LoadLane>;
  /** Puts files in their place in the lake, durably, before the manifest names them. */
  place(files: readonly { readonly file: LakeFile; readonly waitingAt: string }[]): Promise<void>;
  /** Removes files that the manifest no longer names. */
  remove(paths: readonly string[]): Promise<void>;
  close(): void;
}
