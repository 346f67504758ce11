/** A file or an object as it is at this moment. */
export type ObjectInfo = {
  /** Opens it again, also in another run of the program: `s3://bucket/key`, `file:///path`, `stdin:<sha256>`. */
  readonly uri: string;
  /** What a source recognises it by: the key, or the file's path. */
  readonly key: string;
  readonly size: number;
  /** Changes whenever the bytes may have changed. */
  readonly etag: string;
  /** Epoch ms. */
  readonly modifiedAt: number;
};

export type OpenedObject = {
  readonly size: number;
  readonly etag: string;
  /** Epoch ms; with it a notice's object needs no listing. */
  readonly modifiedAt: number;
  /**
   * Read it to its end or break out of the loop, so that what it holds is let go. Only an end without an error means
   * that these were all bytes of this `etag`: commit nothing before. A second reading gives all bytes again or throws.
   */
  readonly body: AsyncIterable<Uint8Array>;
};

/**
 * Where logs lie as files or objects. Failures are YaguraErrors: `object.changed` (another etag than asked for, or
 * other bytes while reading: list and open it again), `object.gone`, `object.unavailable` (denied, archived, or its
 * store does not answer).
 * @example for await (const { uri, etag } of objects.list('s3://logs/AWSLogs/')) for await (const bytes of (await objects.open(uri, { etag })).body) …
 */
export interface ObjectStore {
  /** In the order of the UTF-8 bytes of the keys; what is no log by its name (a directory marker, a hidden file) is left out. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  open(uri: string, expected?: { readonly etag?: string }): Promise<OpenedObject>;
}
