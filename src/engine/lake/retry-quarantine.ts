import { type IngestPorts, type IngestSummary, ingestObjects } from '#engine/lake/ingest-objects.ts';
import type { LakeManifest, ObjectEntry } from '#ports/lake-manifest.ts';
import type { ObjectInfo } from '#ports/object-store.ts';

export interface RetryOptions {
  /** Only objects of this source; '' is those that were not recognised. */
  readonly source?: string;
  /** Only this object. */
  readonly uri?: string;
  readonly jobs: number;
  readonly signal?: AbortSignal;
}

/** What a source's objects had in quarantine before, and what became of them. */
export interface RetriedSource {
  readonly source: string;
  readonly before: number;
  /** Records of these objects that are in quarantine now, in whatever source they were recognised as. */
  readonly after: number;
  readonly objects: number;
  readonly failed: IngestSummary['failed'];
}

/** Ingests the objects again that have records in quarantine, after a mapping was put right. */
export async function retryQuarantine(ports: IngestPorts, options: RetryOptions): Promise<readonly RetriedSource[]> {
  const due = Map.groupBy(quarantinedObjects(ports.manifest, options), (entry) => entry.source);
  const retried: RetriedSource[] = [];
  for (const [source, entries] of due) {
    if (options.signal?.aborted === true) break;
    retried.push(await retrySource(source, entries, ports, options));
  }
  return retried;
}

/** All are taken from the manifest first: it is written to meanwhile. */
function quarantinedObjects(manifest: LakeManifest, { source, uri }: RetryOptions): readonly ObjectEntry[] {
  const found: ObjectEntry[] = [];
  for (const entry of manifest.objects()) {
    const isWanted = (source ?? entry.source) === entry.source && (uri ?? entry.uri) === entry.uri;
    if (entry.quarantined > 0 && isWanted) found.push({ ...entry });
  }
  return found;
}

async function retrySource(
  source: string,
  entries: readonly ObjectEntry[],
  ports: IngestPorts,
  { jobs, signal }: RetryOptions,
): Promise<RetriedSource> {
  const summary = await ingestObjects(infosOf(entries), ports, {
    // A source that a person named at first might not be recognised now.
    ...(source === '' ? {} : { source }),
    jobs,
    again: true,
    ...(signal === undefined ? {} : { signal }),
  });
  const quarantinedNow = entries.map((entry) => ports.manifest.object(entry.uri)?.quarantined ?? 0);
  return {
    source,
    before: entries.reduce((sum, entry) => sum + entry.quarantined, 0),
    after: quarantinedNow.reduce((sum, count) => sum + count, 0),
    objects: summary.objects,
    failed: summary.failed,
  };
}

async function* infosOf(entries: readonly ObjectEntry[]): AsyncGenerator<ObjectInfo> {
  for (const { uri, key, size, etag, modifiedAt } of entries) yield { uri, key, size, etag, modifiedAt };
}
