import { readFileSync, writeFileSync } from 'node:fs';
import type { BatchOptions, Normalizer } from '#adapters/duckdb/normalizer.ts';
import type { StagedPart } from '#adapters/duckdb/staging/staged-part.ts';
import type { NewFile, StagedPiece, StagedTrouble } from '#adapters/duckdb/staging/staged-piece.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';

/** A part with the object it is of. */
export interface PartOf<T> {
  readonly of: T;
  readonly part: StagedPart;
  readonly careful?: () => readonly StagedPiece[];
}

export interface MapPartsSettings<T> {
  readonly normalizer: Normalizer;
  readonly options: BatchOptions;
  readonly newFile: NewFile;
  /** The temporary table holds the events of these parts; record numbers carry the part's index above 32 bits. */
  readonly mapped: (parts: readonly PartOf<T>[]) => Promise<void>;
  /** What a part turned out to hold when it was taken apart. */
  readonly apart: (of: T, piece: StagedPiece) => void;
}

/**
 * Maps parts, all at once where DuckDB reads them; a part it refuses is taken apart, then halved until the refused
 * record stands alone.
 */
export async function mapParts<T>(parts: readonly PartOf<T>[], settings: MapPartsSettings<T>): Promise<void> {
  if (parts.length === 0) return;
  const refused = await tryFill(parts, settings);
  if (refused === undefined) {
    await settings.mapped(parts);
    return;
  }
  if (parts.length > 1) {
    for (const part of parts) await mapParts([part], settings);
    return;
  }
  const [part] = parts;
  if (part !== undefined) await mapRefused(part, refused, settings);
}

async function tryFill<T>(parts: readonly PartOf<T>[], settings: MapPartsSettings<T>): Promise<string | undefined> {
  try {
    await settings.normalizer.fill(
      parts.map((part) => part.part),
      settings.options,
    );
    return undefined;
  } catch (error) {
    // What does not fit into memory together may fit one by one.
    const isTooMuch = error instanceof YaguraError && isOutOfMemory(error) && parts.length === 1;
    if (error instanceof YaguraError && error.code === 'lake.sql' && !isTooMuch) return messageOf(error);
    throw error;
  }
}

function isOutOfMemory(error: YaguraError): boolean {
  return error.message.startsWith('Out of Memory');
}

async function mapRefused<T>(refused: PartOf<T>, reason: string, settings: MapPartsSettings<T>): Promise<void> {
  if (refused.careful !== undefined) {
    for (const piece of refused.careful()) {
      settings.apart(refused.of, piece);
      if (piece.part !== undefined) await mapParts([{ of: refused.of, part: piece.part }], settings);
    }
    return;
  }
  const halves = halved(refused.part, settings.newFile);
  if (halves === undefined)
    settings.apart(refused.of, { troubles: [refusedTrouble(refused.part, reason)], exclusions: [], bytes: 0 });
  else for (const half of halves) await mapParts([{ of: refused.of, part: half }], settings);
}

/** Two parts with half of the lines each; undefined where there is only one line, or no lines. */
function halved(part: StagedPart, newFile: NewFile): readonly StagedPart[] | undefined {
  if (part.kind !== 'numbered' && !(part.kind === 'columns' && part.numbered)) return undefined;
  const lines = readFileSync(part.file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  if (lines.length < 2) return undefined;
  const middle = Math.floor(lines.length / 2);
  return [lines.slice(0, middle), lines.slice(middle)].map((half) => {
    const file = newFile('half');
    writeFileSync(file, `${half.join('\n')}\n`);
    return { ...part, file };
  });
}

function refusedTrouble(part: StagedPart, reason: string): StagedTrouble {
  const firstLine = reason.split('\n')[0] ?? '';
  if (part.kind === 'parquet')
    return { record: 0, count: 1, reason: 'parquet.unreadable', detail: firstLine, bytes: Buffer.alloc(0) };
  const text = readFileSync(part.file, 'utf8').trimEnd();
  const found = part.kind === 'columns' ? /^(\d+).(.*)$/s.exec(text) : /^\{"n":(\d+),"j":(.*)\}$/s.exec(text);
  return {
    record: Number(found?.[1] ?? 0),
    count: 1,
    reason: 'record.refused',
    detail: firstLine,
    bytes: Buffer.from(found?.[2] ?? text).subarray(0, 65_536),
  };
}
