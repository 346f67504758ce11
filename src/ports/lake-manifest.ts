/** A Parquet file of the lake. Readers take their list of files from here, never from the folder. */
export interface LakeFile {
  /** Path below the lake's root, with `/`. */
  readonly path: string;
  /** Name of its table, e.g. `CLOUD_TRAIL_MGMT` or `linux-auth-authentication`. */
  readonly table: string;
  readonly source: string;
  /** Names its list of columns: files of one shape are read together. */
  readonly shape: string;
  readonly region: string;
  readonly account: string;
  /** UTC day of its events, YYYYMMDD. */
  readonly day: string;
  readonly rows: number;
  readonly bytes: number;
  /** Epoch ms. */
  readonly minTime: number;
  readonly maxTime: number;
  /** Rows by the uri of the object they come from. */
  readonly objects: ReadonlyMap<string, number>;
}

/** What became of the records of one object: records = written + excluded + quarantined. */
export interface ObjectEntry {
  readonly uri: string;
  readonly key: string;
  readonly etag: string;
  /** Id of the source, or '' where it was not recognised. */
  readonly source: string;
  readonly ingestedAt: number;
  readonly modifiedAt: number;
  /** Bytes as stored, and uncompressed. */
  readonly size: number;
  readonly rawBytes: number;
  readonly records: number;
  readonly written: number;
  readonly excluded: number;
  readonly quarantined: number;
}

/** A record that is in quarantine. */
export interface QuarantineEntry {
  readonly uri: string;
  readonly source: string;
  readonly record: number;
  readonly count: number;
  readonly reason: string;
  readonly detail: string;
  readonly bytes: Uint8Array;
  readonly offset?: number;
}

export interface ExclusionTally {
  readonly uri: string;
  readonly rule: string;
  readonly count: number;
}

/** One step from a consistent state of the lake to the next. */
export interface ManifestChange {
  readonly objects: readonly ObjectEntry[];
  readonly files: readonly LakeFile[];
  readonly removedFiles: readonly string[];
  readonly quarantined: readonly QuarantineEntry[];
  readonly exclusions: readonly ExclusionTally[];
  /** Removed files stay on disk from this moment on, for readers that hold an older list: see `retired`. */
  readonly retiredAt?: number;
  /** The rows of the removed files are gone for good: they count as expired for their objects. */
  readonly isExpiry?: true;
}

export interface FileFilter {
  readonly tables?: readonly string[];
  readonly paths?: readonly string[];
  /** UTC days, YYYYMMDD. */
  readonly days?: readonly string[];
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  /** Epoch ms, inclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Files with rows of these objects. */
  readonly objects?: readonly string[];
}

/** Volume of one source. */
export interface SourceVolume {
  readonly source: string;
  readonly objects: number;
  readonly records: number;
  readonly written: number;
  readonly excluded: number;
  readonly quarantined: number;
  readonly rawBytes: number;
  readonly parquetBytes: number;
  readonly files: number;
  /** Time of the newest event, epoch ms; absent where nothing was written. */
  readonly newestEvent?: number;
  /** When the last object was ingested, epoch ms. */
  readonly lastIngest: number;
}

/** The files of one source, table, shape and partition. */
export interface PartitionVolume {
  readonly table: string;
  readonly source: string;
  readonly shape: string;
  readonly region: string;
  readonly account: string;
  readonly day: string;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
}

/** A file that the manifest names no longer and that may still be read. */
export interface RetiredFile {
  readonly path: string;
  readonly bytes: number;
  /** Epoch ms. */
  readonly retiredAt: number;
}

/** A count that does not add up. */
export interface Miscount {
  /** What it is of: the uri of an object, or the path of a file. */
  readonly of: string;
  readonly kind: 'file-objects' | 'object-records' | 'object-rows' | 'object-quarantine' | 'object-exclusions';
  readonly expected: number;
  readonly found: number;
}

/** What the lake holds: objects read, files written, records in quarantine. Every change is atomic and durable. */
export interface LakeManifest {
  object(uri: string): ObjectEntry | undefined;
  objects(): Iterable<ObjectEntry>;
  files(filter?: FileFilter): readonly LakeFile[];
  /** Applies a change whole or not at all. Throws where the counts of an object do not add up. */
  commit(change: ManifestChange): void;
  quarantine(options: {
    readonly source?: string;
    readonly limit: number;
    readonly after?: number;
  }): readonly (QuarantineEntry & { readonly id: number })[];
  volumes(): readonly SourceVolume[];
  partitions(): readonly PartitionVolume[];
  /** Files that were retired at or before this moment and are not forgotten yet. */
  retired(until: number): readonly RetiredFile[];
  /** Forgets retired files that are removed from disk. */
  forgetRetired(paths: readonly string[]): void;
  /** Counts that contradict each other, at most so many. */
  miscounts(limit: number): readonly Miscount[];
  close(): void;
}
