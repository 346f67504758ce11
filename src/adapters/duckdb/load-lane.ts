import { rmSync } from 'node:fs';
import { mapParts, type PartOf } from '#adapters/duckdb/map-parts.ts';
import { quarantinedOf } from '#adapters/duckdb/normalize-object.ts';
import { createNormalizer, type Normalizer } from '#adapters/duckdb/normalizer.ts';
import { rewriteWithout } from '#adapters/duckdb/rewrite-without.ts';
import type { DuckDbSession } from '#adapters/duckdb/session.ts';
import { openSample } from '#adapters/duckdb/staging/open-sample.ts';
import { splitSpool, spoolKey } from '#adapters/duckdb/staging/split-spool.ts';
import { stageObject } from '#adapters/duckdb/staging/stage-object.ts';
import type { StagedPiece } from '#adapters/duckdb/staging/staged-piece.ts';
import { type WaitingFile, writeFiles } from '#adapters/duckdb/write-files.ts';
import type { DecodeLimits } from '#core/lake/bytes/compression.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';
import { recogniseSource } from '#core/lake/source/recognise.ts';
import type { Clock } from '#ports/clock.ts';
import type { LoadedObjects, LoadLane, ObjectToLoad } from '#ports/lake-loader.ts';
import type { LakeFile, ObjectEntry, QuarantineEntry } from '#ports/lake-manifest.ts';

export interface LaneSettings {
  /** The lake's root folder. */
  readonly root: string;
  readonly sources: readonly MappedSource[];
  readonly newFile: (ending: string) => string;
  readonly limits: DecodeLimits;
  readonly region: string;
  readonly clock: Clock;
}

/** Objects of a source are mapped together until they have so many decoded bytes; lines of text make many more rows than JSON. */
const batchBytes = {
  json: 16 * 1024 * 1024,
  lines: 8 * 1024 * 1024,
  delimited: 8 * 1024 * 1024,
  parquet: 4 * 1024 * 1024,
};
const batchObjects = 256;
const dayMs = 86_400_000;

/** State: what one object has come to so far. */
class Tally {
  readonly #object: ObjectToLoad;
  readonly source: string;
  readonly quarantined: QuarantineEntry[] = [];
  readonly exclusions = new Map<string, number>();
  written = 0;
  rawBytes = 0;

  constructor(object: ObjectToLoad, source: string) {
    this.#object = object;
    this.source = source;
  }

  get uri(): string {
    return this.#object.info.uri;
  }

  takePiece(piece: StagedPiece): void {
    for (const trouble of piece.troubles) this.quarantined.push({ ...trouble, uri: this.uri, source: this.source });
    for (const { rule } of piece.exclusions) this.exclude(rule, 1);
    this.rawBytes += piece.bytes;
  }

  exclude(rule: string, count: number): void {
    this.exclusions.set(rule, (this.exclusions.get(rule) ?? 0) + count);
  }

  entry(now: number): ObjectEntry {
    const { info } = this.#object;
    const excluded = [...this.exclusions.values()].reduce((sum, count) => sum + count, 0);
    const quarantined = this.quarantined.reduce((sum, found) => sum + found.count, 0);
    return {
      uri: info.uri,
      key: info.key,
      etag: info.etag,
      source: this.source,
      ingestedAt: now,
      modifiedAt: info.modifiedAt,
      size: info.size,
      rawBytes: this.rawBytes,
      records: this.written + excluded + quarantined,
      written: this.written,
      excluded,
      quarantined,
    };
  }
}

/** State: the objects of one source that wait to be mapped together. */
interface Pending {
  parts: PartOf<Tally>[];
  tallies: Tally[];
  bytes: number;
}

/** A lane on a session of its own. */
export function createLoadLane(session: DuckDbSession, settings: LaneSettings): LoadLane {
  return new DuckDbLane(session, settings);
}

class DuckDbLane implements LoadLane {
  readonly #session: DuckDbSession;
  readonly #settings: LaneSettings;
  readonly #normalizers = new Map<string, Normalizer>();
  readonly #pending = new Map<string, Pending>();
  #files: string[] = [];

  constructor(session: DuckDbSession, settings: LaneSettings) {
    this.#session = session;
    this.#settings = settings;
  }

  async add(object: ObjectToLoad): Promise<readonly LoadedObjects[]> {
    const sampled = await openSample(object.info.key, object.body, { session: this.#session, newFile: this.#newFile });
    if (object.source === undefined && spoolKey.test(object.info.key)) return this.#addSpool(object, sampled.body);
    const source = this.#sourceOf(object, sampled.sample);
    if (source === undefined) return [await this.#unrecognised(object, sampled.body)];
    return this.#addKnown(object, sampled.body, source);
  }

  /** Lines of one host or device each, so that they go to different sources: an object for each source. */
  async #addSpool(object: ObjectToLoad, body: AsyncIterable<Uint8Array>): Promise<readonly LoadedObjects[]> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    const loaded = [this.#finished([new Tally(object, 'syslog')], [])];
    for (const [source, lines] of splitSpool(Buffer.concat(chunks), this.#settings.sources)) {
      const part = { ...object, info: { ...object.info, uri: `${object.info.uri}#${source.id}` } };
      loaded.push(...(await this.#addKnown(part, onceOf(Buffer.from(`${lines.join('\n')}\n`)), source)));
    }
    return [...loaded, ...(await this.flush())];
  }

  async #addKnown(
    object: ObjectToLoad,
    body: AsyncIterable<Uint8Array>,
    source: MappedSource,
  ): Promise<readonly LoadedObjects[]> {
    const normalizer = await this.#normalizer(source);
    const tally = new Tally(object, source.id);
    const context = { key: object.info.key, receivedAt: object.info.modifiedAt };
    const files: WaitingFile[] = [];
    let pieces = 0;
    let waiting: PartOf<Tally> | undefined;
    for await (const { piece, careful } of stageObject(source.decode, body, context, {
      newFile: this.#newFile,
      limits: this.#settings.limits,
    })) {
      pieces += 1;
      if (waiting !== undefined) files.push(...(await this.#map([waiting], normalizer)));
      tally.takePiece(piece);
      waiting =
        piece.part === undefined
          ? undefined
          : { of: tally, part: piece.part, ...(careful === undefined ? {} : { careful }) };
    }
    if (pieces <= 1) return this.#collect(tally, waiting, normalizer);
    if (waiting !== undefined) files.push(...(await this.#map([waiting], normalizer)));
    return [this.#finished([tally], files)];
  }

  async flush(): Promise<readonly LoadedObjects[]> {
    const loaded: LoadedObjects[] = [];
    for (const [id, pending] of this.#pending) loaded.push(await this.#mapPending(id, pending));
    return loaded;
  }

  without(file: LakeFile, uris: ReadonlySet<string>): Promise<WaitingFile | undefined> {
    return rewriteWithout(this.#session, file, uris, this.#settings);
  }

  close(): void {
    this.#removeFiles();
    this.#session.close();
  }

  readonly #newFile = (ending: string): string => {
    const file = this.#settings.newFile(ending);
    this.#files.push(file);
    return file;
  };

  #sourceOf(object: ObjectToLoad, sample: Parameters<typeof recogniseSource>[1]): MappedSource | undefined {
    if (object.source !== undefined) return this.#settings.sources.find((source) => source.id === object.source);
    const recognised = recogniseSource(this.#settings.sources, sample);
    return recognised.ok ? recognised.source : undefined;
  }

  async #normalizer(source: MappedSource): Promise<Normalizer> {
    const known = this.#normalizers.get(source.id);
    if (known !== undefined) return known;
    const made = await createNormalizer(source, this.#session);
    this.#normalizers.set(source.id, made);
    return made;
  }

  async #collect(
    tally: Tally,
    part: PartOf<Tally> | undefined,
    normalizer: Normalizer,
  ): Promise<readonly LoadedObjects[]> {
    const { id } = normalizer.source;
    const pending = this.#pending.get(id) ?? { parts: [], tallies: [], bytes: 0 };
    this.#pending.set(id, pending);
    // Files of one batch are read with one list of columns.
    const first = pending.parts[0]?.part;
    const fits = part === undefined || first === undefined || sameColumns(first, part.part);
    const finished = fits ? [] : [await this.#mapPending(id, pending)];
    const current = fits ? pending : this.#freshPending(id);
    current.tallies.push(tally);
    if (part !== undefined) current.parts.push(part);
    current.bytes += tally.rawBytes;
    if (current.bytes < batchBytes[normalizer.source.decode.kind] && current.tallies.length < batchObjects)
      return finished;
    return [...finished, await this.#mapPending(id, current)];
  }

  #freshPending(id: string): Pending {
    const pending: Pending = { parts: [], tallies: [], bytes: 0 };
    this.#pending.set(id, pending);
    return pending;
  }

  async #mapPending(id: string, pending: Pending): Promise<LoadedObjects> {
    this.#pending.delete(id);
    const normalizer = this.#normalizers.get(id);
    const files = normalizer === undefined ? [] : await this.#map(pending.parts, normalizer);
    return this.#finished(pending.tallies, files);
  }

  async #map(parts: readonly PartOf<Tally>[], normalizer: Normalizer): Promise<readonly WaitingFile[]> {
    const table = 'lane_events';
    const files: WaitingFile[] = [];
    await mapParts(parts, {
      normalizer,
      options: { table, latest: this.#settings.clock.now() + dayMs, region: this.#settings.region },
      newFile: this.#newFile,
      mapped: async (mapped) => {
        await this.#tallyTable(table, mapped, normalizer);
        const uris = mapped.map((part) => part.of.uri);
        files.push(...(await writeFiles(this.#session, { normalizer, table, uris, newFile: this.#settings.newFile })));
      },
      apart: (tally, piece) => tally.takePiece({ ...piece, bytes: 0 }),
    });
    await this.#session.run(`DROP TABLE IF EXISTS ${table}`);
    return files;
  }

  async #tallyTable(table: string, parts: readonly PartOf<Tally>[], normalizer: Normalizer): Promise<void> {
    const rows = await this.#session.rows(
      `SELECT _n >> 32 AS part, CASE WHEN _error IS NOT NULL THEN NULL ELSE _excluded END AS rule, _error IS NOT NULL AS bad, count(*) AS n FROM ${table} GROUP BY ALL`,
    );
    let bad = 0;
    for (const row of rows) {
      const tally = parts[Number(row['part'])]?.of;
      const count = Number(row['n']);
      if (row['bad'] === true) bad += count;
      else if (typeof row['rule'] === 'string') tally?.exclude(row['rule'], count);
      else if (tally !== undefined) tally.written += count;
    }
    if (bad === 0) return;
    for (const { part, ...found } of await quarantinedOf({ session: this.#session, normalizer }, table, parts)) {
      const tally = parts[part]?.of;
      tally?.quarantined.push({ ...found, uri: tally.uri, source: tally.source });
    }
  }

  #finished(tallies: readonly Tally[], files: readonly WaitingFile[]): LoadedObjects {
    if (this.#pending.size === 0) this.#removeFiles();
    const now = this.#settings.clock.now();
    return {
      objects: tallies.map((tally) => tally.entry(now)),
      files,
      quarantined: tallies.flatMap((tally) => tally.quarantined),
      exclusions: tallies.flatMap((tally) =>
        [...tally.exclusions].map(([rule, count]) => ({ uri: tally.uri, rule, count })),
      ),
    };
  }

  async #unrecognised(object: ObjectToLoad, body: AsyncIterable<Uint8Array>): Promise<LoadedObjects> {
    const tally = new Tally(object, '');
    const kept: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of body) {
      if (length < 65_536) kept.push(chunk);
      length += chunk.length;
    }
    tally.takePiece({
      bytes: length,
      exclusions: [],
      troubles: [
        {
          record: 0,
          count: 1,
          reason: length === 0 ? 'object.empty' : 'source.unrecognised',
          detail:
            length === 0
              ? 'the object has no bytes'
              : 'no source knows this key and content: name it with --source, or write a mapping',
          bytes: Buffer.concat(kept).subarray(0, 65_536),
        },
      ],
    });
    return this.#finished([tally], []);
  }

  #removeFiles(): void {
    for (const file of this.#files.splice(0)) rmSync(file, { force: true });
  }
}

async function* onceOf(content: Buffer): AsyncGenerator<Uint8Array> {
  yield content;
}

function sameColumns(a: PartOf<Tally>['part'], b: PartOf<Tally>['part']): boolean {
  if (a.kind !== 'columns' || b.kind !== 'columns') return a.kind !== 'columns' && b.kind !== 'columns';
  return (
    a.separator === b.separator &&
    a.columns.length === b.columns.length &&
    a.columns.every((name, index) => name === b.columns[index])
  );
}
