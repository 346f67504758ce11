import { rmSync } from 'node:fs';
import { mapParts, type PartOf } from '#adapters/duckdb/map-parts.ts';
import type { Normalizer } from '#adapters/duckdb/normalizer.ts';
import type { DuckDbSession } from '#adapters/duckdb/session.ts';
import { stageObject } from '#adapters/duckdb/staging/stage-object.ts';
import type { StagedPiece } from '#adapters/duckdb/staging/staged-piece.ts';
import type { DecodeLimits } from '#core/lake/bytes/compression.ts';
import { eventFromRow, type OcsfEvent } from '#core/lake/event-json.ts';

/** A record that could not be understood, with its bytes and why. */
export interface QuarantinedRecord {
  readonly record: number;
  readonly count: number;
  readonly reason: string;
  readonly detail: string;
  readonly bytes: Buffer;
  readonly offset?: number;
}

export interface NormalizedPiece {
  readonly events: readonly { readonly record: number; readonly event: OcsfEvent }[];
  readonly quarantined: readonly QuarantinedRecord[];
  readonly excluded: readonly { readonly record: number; readonly rule: string }[];
}

export interface NormalizeInput {
  readonly key: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly receivedAt: number;
}

export interface NormalizeSettings {
  readonly session: DuckDbSession;
  readonly normalizer: Normalizer;
  /** Gives a path for a temporary file that nobody else uses. */
  readonly newFile: (ending: string) => string;
  readonly limits: DecodeLimits;
  readonly region: string;
  /** Events later than this are quarantined, epoch ms. */
  readonly latest: number;
}

/** Normalizes one object without writing anything; pieces come in the order of its records. */
export async function* normalizeObject(
  input: NormalizeInput,
  settings: NormalizeSettings,
): AsyncGenerator<NormalizedPiece> {
  const files: string[] = [];
  const newFile = (ending: string): string => {
    const file = settings.newFile(ending);
    files.push(file);
    return file;
  };
  const context = { key: input.key, receivedAt: input.receivedAt };
  try {
    for await (const offered of stageObject(settings.normalizer.source.decode, input.body, context, {
      newFile,
      limits: settings.limits,
    })) {
      yield await mapPiece(offered, { ...settings, newFile });
      for (const file of files.splice(0)) rmSync(file, { force: true });
    }
  } finally {
    for (const file of files) rmSync(file, { force: true });
  }
}

async function mapPiece(
  offered: { readonly piece: StagedPiece; readonly careful?: () => readonly StagedPiece[] },
  settings: NormalizeSettings,
): Promise<NormalizedPiece> {
  const events: { record: number; event: OcsfEvent }[] = [];
  const quarantined: QuarantinedRecord[] = [...offered.piece.troubles];
  const excluded: { record: number; rule: string }[] = [...offered.piece.exclusions];
  const table = 'normalized_events';
  const { part } = offered.piece;
  const parts =
    part === undefined
      ? []
      : [{ of: undefined, part, ...(offered.careful === undefined ? {} : { careful: offered.careful }) }];
  await mapParts(parts, {
    normalizer: settings.normalizer,
    options: { table, latest: settings.latest, region: settings.region },
    newFile: settings.newFile,
    mapped: async (mapped) => {
      for (const row of await settings.session.rows(
        `SELECT to_json(e) AS event, _n, _error, _excluded FROM ${table} AS e ORDER BY _n`,
      )) {
        const record = Number(row['_n']);
        if (typeof row['_error'] === 'string') continue;
        if (typeof row['_excluded'] === 'string') excluded.push({ record, rule: row['_excluded'] });
        else
          events.push({ record, event: eventFromRow(settings.normalizer.columns, JSON.parse(String(row['event']))) });
      }
      quarantined.push(...(await quarantinedOf(settings, table, mapped)));
    },
    apart: (_of, piece) => {
      quarantined.push(...piece.troubles);
      excluded.push(...piece.exclusions);
    },
  });
  return { events, quarantined: quarantined.toSorted((a, b) => a.record - b.record), excluded };
}

/** The rows of a table of events that are in error, with the bytes of their records. */
export async function quarantinedOf(
  settings: Pick<NormalizeSettings, 'session' | 'normalizer'>,
  table: string,
  parts: readonly PartOf<unknown>[],
): Promise<readonly (QuarantinedRecord & { readonly part: number })[]> {
  const rows = await settings.session.rows(`SELECT _n, _error FROM ${table} WHERE _error IS NOT NULL ORDER BY _n`);
  const numbers = rows.map((row) => row['_n'] as bigint); // _n is a BIGINT
  const texts = await settings.normalizer.rawText(
    parts.map((part) => part.part),
    numbers,
  );
  return rows.map((row) => {
    const number = row['_n'] as bigint; // _n is a BIGINT
    const error = String(row['_error']);
    const colon = error.indexOf(':');
    return {
      part: Number(number >> 32n),
      record: Number(number & 0xffff_ffffn),
      count: 1,
      reason: colon < 0 ? error : error.slice(0, colon),
      detail: colon < 0 ? '' : error.slice(colon + 1).trim(),
      bytes: Buffer.from(texts.get(number) ?? '').subarray(0, 65_536),
    };
  });
}
