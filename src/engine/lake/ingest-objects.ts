import { YaguraError } from '#core/errors/yagura-error.ts';
import type { LakeLoader, LoadedObjects, LoadLane } from '#ports/lake-loader.ts';
import type { LakeManifest } from '#ports/lake-manifest.ts';
import type { ObjectInfo, ObjectStore } from '#ports/object-store.ts';

export interface IngestPorts {
  readonly objects: ObjectStore;
  readonly loader: LakeLoader;
  readonly manifest: LakeManifest;
}

export interface IngestOptions {
  /** Id of the source of all objects; absent: each is recognised. */
  readonly source?: string;
  /** Lanes that work at once. */
  readonly jobs: number;
  /** Ingests objects again that are in the lake unchanged. */
  readonly again: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (summary: IngestSummary) => void;
}

/** What became of all objects; `records` = `written` + `excluded` + `quarantined`. */
export interface IngestSummary {
  readonly objects: number;
  /** Objects that were in the lake already. */
  readonly unchanged: number;
  readonly records: number;
  readonly written: number;
  readonly excluded: number;
  readonly quarantined: number;
  /** Uncompressed bytes. */
  readonly bytes: number;
  /** Objects that could not be read, with the reason. */
  readonly failed: readonly { readonly uri: string; readonly code: string; readonly message: string }[];
}

const attempts = 3;

/** Ingests objects into the lake. Each object is in the lake whole or not at all, whatever happens meanwhile. */
export async function ingestObjects(
  list: AsyncIterable<ObjectInfo>,
  ports: IngestPorts,
  options: IngestOptions,
): Promise<IngestSummary> {
  const progress = new Progress(options.onProgress);
  const iterator = list[Symbol.asyncIterator]();
  const work = async (): Promise<void> => {
    const lane = await ports.loader.lane();
    try {
      for (
        let next = await iterator.next();
        next.done !== true && options.signal?.aborted !== true;
        next = await iterator.next()
      ) {
        await ingestOne(next.value, lane, ports, options, progress);
      }
      for (const loaded of await lane.flush()) await commitLoaded(loaded, lane, ports, progress);
    } finally {
      lane.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, work));
  } finally {
    await iterator.return?.();
  }
  return progress.summary;
}

async function ingestOne(
  info: ObjectInfo,
  lane: LoadLane,
  ports: IngestPorts,
  options: IngestOptions,
  progress: Progress,
): Promise<void> {
  if (isUnchanged(info, ports, options)) return progress.unchanged();
  let expected = info.etag;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { body, ...now } = await ports.objects.open(info.uri, expected === '' ? undefined : { etag: expected });
      const current = { ...info, ...now };
      if (isUnchanged(current, ports, options)) return progress.unchanged();
      const source = options.source === undefined ? {} : { source: options.source };
      const loaded = await lane.add({ info: current, body, ...source });
      for (const finished of loaded) await commitLoaded(finished, lane, ports, progress);
      return;
    } catch (error) {
      if (!isOfObject(error)) throw error;
      if (attempt >= attempts || error.code !== 'object.changed') return progress.failed(info.uri, error);
      // What changed while it was read is read again as it is now.
      expected = '';
    }
  }
}

function isUnchanged(info: ObjectInfo, ports: IngestPorts, options: IngestOptions): boolean {
  return !options.again && info.etag !== '' && ports.manifest.object(info.uri)?.etag === info.etag;
}

function isOfObject(error: unknown): error is YaguraError {
  return error instanceof YaguraError && error.code.startsWith('object.');
}

/** Puts finished objects into the lake in the place of what it had of them before. */
async function commitLoaded(
  loaded: LoadedObjects,
  lane: LoadLane,
  { loader, manifest }: IngestPorts,
  progress: Progress,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const replaced = await replaceOlder(loaded, lane, manifest);
    const files = [...loaded.files, ...replaced.files];
    await loader.place(attempt === 1 ? files : replaced.files);
    try {
      // A reader may have taken its list of files a moment ago: compaction removes them when it is over.
      const retiredAt = loaded.objects[0]?.ingestedAt;
      const retired = { removedFiles: replaced.removed, ...(retiredAt === undefined ? {} : { retiredAt }) };
      manifest.commit({ ...loaded, files: files.map(({ file }) => file), ...retired });
      progress.loaded(loaded);
      return;
    } catch (error) {
      await loader.remove(replaced.files.map(({ file }) => file.path));
      if (!(error instanceof YaguraError) || error.code !== 'store.conflict' || attempt >= attempts) throw error;
    }
  }
}

async function replaceOlder(
  loaded: LoadedObjects,
  lane: LoadLane,
  manifest: LakeManifest,
): Promise<{ readonly files: LoadedObjects['files']; readonly removed: readonly string[] }> {
  const again = loaded.objects.map((entry) => entry.uri).filter((uri) => manifest.object(uri) !== undefined);
  if (again.length === 0) return { files: [], removed: [] };
  const older = manifest.files({ objects: again });
  const rest: { file: LoadedObjects['files'][number]['file']; waitingAt: string }[] = [];
  for (const file of older) {
    const kept = await lane.without(file, new Set(again));
    if (kept !== undefined) rest.push(kept);
  }
  return { files: rest, removed: older.map((file) => file.path) };
}

/** State: the sums so far. */
class Progress {
  readonly #onProgress: ((summary: IngestSummary) => void) | undefined;
  summary: IngestSummary = {
    objects: 0,
    unchanged: 0,
    records: 0,
    written: 0,
    excluded: 0,
    quarantined: 0,
    bytes: 0,
    failed: [],
  };

  constructor(onProgress: ((summary: IngestSummary) => void) | undefined) {
    this.#onProgress = onProgress;
  }

  unchanged(): void {
    this.#become({ ...this.summary, unchanged: this.summary.unchanged + 1 });
  }

  failed(uri: string, { code, message }: YaguraError): void {
    this.#become({ ...this.summary, failed: [...this.summary.failed, { uri, code, message }] });
  }

  loaded({ objects }: LoadedObjects): void {
    const sum = (count: (entry: LoadedObjects['objects'][number]) => number): number =>
      objects.reduce((total, entry) => total + count(entry), 0);
    this.#become({
      ...this.summary,
      objects: this.summary.objects + objects.length,
      records: this.summary.records + sum((entry) => entry.records),
      written: this.summary.written + sum((entry) => entry.written),
      excluded: this.summary.excluded + sum((entry) => entry.excluded),
      quarantined: this.summary.quarantined + sum((entry) => entry.quarantined),
      bytes: this.summary.bytes + sum((entry) => entry.rawBytes),
    });
  }

  #become(summary: IngestSummary): void {
    this.summary = summary;
    this.#onProgress?.(summary);
  }
}
