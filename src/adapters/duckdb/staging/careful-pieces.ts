import { writeFileSync } from 'node:fs';
import { missingOf } from '#adapters/duckdb/staging/quick-part.ts';
import type { NewFile, StagedExclusion, StagedPiece, StagedTrouble } from '#adapters/duckdb/staging/staged-piece.ts';
import type { Cutter, RecordCut, TroubleCut } from '#core/lake/bytes/cut.ts';
import { createJsonCutter } from '#core/lake/bytes/cut-json.ts';
import { createLineCutter } from '#core/lake/bytes/cut-lines.ts';
import { withoutLoneSurrogates } from '#core/lake/bytes/json-verify.ts';
import type { DecodeContext, Decoded, Decoder, LineReader } from '#core/lake/source/log-source.ts';

/** Written to a file when so many bytes of records are together. */
const pieceBytes = 16 * 1024 * 1024;
const maximumRecordBytes = 16 * 1024 * 1024;
const maximumTroubleBytes = 64 * 1024;

/** Takes an object apart record by record. `push` and `end` give pieces as they fill. */
export interface CarefulStager {
  push(chunk: Buffer): readonly StagedPiece[];
  /** @param cutOff the reason where the bytes end before the object does: an unfinished last record is no record then */
  end(cutOff?: { readonly reason: string; readonly detail: string }): readonly StagedPiece[];
}

/** A stager for what the decoder reads; Parquet is never taken apart. */
export function createCarefulStager(decoder: Decoder, context: DecodeContext, newFile: NewFile): CarefulStager {
  if (decoder.kind === 'json') return new JsonStager(decoder, context, newFile);
  if (decoder.kind === 'lines') return new LineStager(new RowsOfReader(decoder.create(context)), newFile, undefined);
  if (decoder.kind === 'delimited') return new LineStager(new SplitRows(decoder), newFile, decoder);
  throw new TypeError('Parquet files are read whole');
}

/** State: the lines and troubles of the piece that is being filled. */
class PieceWriter {
  #lines: Buffer[] = [];
  #bytes = 0;
  #troubles: StagedTrouble[] = [];
  #exclusions: StagedExclusion[] = [];
  record = 0;

  row(bytes: Buffer): void {
    this.#lines.push(bytes);
    this.#bytes += bytes.length;
    this.record += 1;
  }

  trouble(trouble: Omit<StagedTrouble, 'record'>): void {
    this.#troubles.push({ ...trouble, record: this.record, bytes: trouble.bytes.subarray(0, maximumTroubleBytes) });
    this.record += trouble.count;
  }

  excluded(rule: string): void {
    this.#exclusions.push({ rule, record: this.record });
    this.record += 1;
  }

  get isFull(): boolean {
    return this.#bytes >= pieceBytes || this.#troubles.length >= 1000;
  }

  take(part: (content: Buffer) => StagedPiece['part']): readonly StagedPiece[] {
    if (this.#lines.length + this.#troubles.length + this.#exclusions.length === 0) return [];
    const content = this.#lines.length === 0 ? undefined : part(Buffer.concat(this.#lines));
    const piece = {
      ...(content === undefined ? {} : { part: content }),
      troubles: this.#troubles,
      exclusions: this.#exclusions,
      bytes: this.#bytes,
    };
    [this.#lines, this.#bytes, this.#troubles, this.#exclusions] = [[], 0, [], []];
    return [piece];
  }

  get hasTroubles(): boolean {
    return this.#troubles.length > 0;
  }
}

/** State: where in the JSON of an object we are. */
class JsonStager implements CarefulStager {
  readonly #writer = new PieceWriter();
  readonly #cutter: Cutter;
  readonly #decoder: Extract<Decoder, { kind: 'json' }>;
  readonly #context: DecodeContext;
  readonly #newFile: NewFile;

  constructor(decoder: Extract<Decoder, { kind: 'json' }>, context: DecodeContext, newFile: NewFile) {
    this.#decoder = decoder;
    this.#context = context;
    this.#newFile = newFile;
    this.#cutter = createJsonCutter({
      ...(decoder.at === undefined ? {} : { at: decoder.at }),
      keepEnvelope: decoder.envelope ?? false,
      limits: { maxRecordBytes: maximumRecordBytes, maxDepth: 512 },
    });
  }

  push(chunk: Buffer): readonly StagedPiece[] {
    for (const cut of this.#cutter.push(chunk)) this.#take(cut);
    return this.#writer.isFull ? this.#flush() : [];
  }

  end(cutOff?: { readonly reason: string; readonly detail: string }): readonly StagedPiece[] {
    const last = this.#cutter.end();
    for (const cut of last) this.#take(cut);
    // The unfinished record already stands for what is missing.
    const told = last.some((cut) => cut.kind === 'trouble');
    if (cutOff !== undefined && !told) this.#writer.trouble({ ...cutOff, count: 1, bytes: Buffer.alloc(0) });
    return this.#flush();
  }

  #flush(): readonly StagedPiece[] {
    return this.#writer.take((content) => writtenNumbered(content, this.#newFile));
  }

  #take(cut: RecordCut | TroubleCut): void {
    if (cut.kind === 'trouble') {
      this.#writer.trouble({
        reason: cut.reason,
        detail: cut.detail,
        bytes: cut.bytes,
        offset: cut.offset,
        count: Math.max(1, cut.records),
      });
      return;
    }
    const json = cut.loneSurrogates ? withoutLoneSurrogates(cut.bytes) : cut.bytes;
    if (this.#decoder.expand === undefined) {
      this.#writer.row(numberedJson(this.#writer.record, onOneLine(json)));
      return;
    }
    const text = json.toString('utf8');
    const envelope =
      cut.envelope === undefined ? {} : { envelope: JSON.parse(cut.envelope.toString('utf8')) as unknown };
    for (const decoded of this.#decoder.expand({ record: JSON.parse(text), text, ...envelope }, this.#context))
      takeDecoded(this.#writer, decoded);
  }
}

/** Turns a line into what is written to the piece. */
interface RowsOfLine {
  line(text: string, bytes: Buffer, writer: PieceWriter): void;
  end(writer: PieceWriter): void;
}

class RowsOfReader implements RowsOfLine {
  readonly #reader: LineReader;

  constructor(reader: LineReader) {
    this.#reader = reader;
  }

  line(text: string, _bytes: Buffer, writer: PieceWriter): void {
    for (const decoded of this.#reader.line(text)) takeDecoded(writer, decoded);
  }

  end(writer: PieceWriter): void {
    for (const decoded of this.#reader.end()) takeDecoded(writer, decoded);
  }
}

class SplitRows implements RowsOfLine {
  readonly #decoder: Extract<Decoder, { kind: 'delimited' }>;
  columns: readonly string[] | undefined;
  #begun = false;

  constructor(decoder: Extract<Decoder, { kind: 'delimited' }>) {
    this.#decoder = decoder;
    this.columns = decoder.columns;
  }

  line(text: string, bytes: Buffer, writer: PieceWriter): void {
    if (text === '') return;
    const { separator } = this.#decoder;
    if (!this.#begun && (this.#decoder.isHeader?.(text) ?? false)) this.columns = distinct(text.split(separator));
    else this.#row(text, bytes, writer);
    this.#begun = true;
  }

  end(): void {
    // Lines stand alone.
  }

  #row(text: string, bytes: Buffer, writer: PieceWriter): void {
    const { separator } = this.#decoder;
    const trouble = (reason: string, detail: string): void => writer.trouble({ reason, detail, bytes, count: 1 });
    const expected = this.columns?.length ?? 0;
    const values = text.split(separator).length;
    if (text.includes('\0')) trouble('line.nul', 'the line has a NUL byte');
    else if (text.includes('\uFFFD')) trouble('line.invalid-utf8', 'the line is not UTF-8');
    else if (values !== expected) trouble('columns.count', `expected ${expected} values, found ${values}`);
    else writer.row(Buffer.from(`${writer.record}${separator}${text}\n`));
  }
}

/** State: the lines of an object and what is made of them. */
class LineStager implements CarefulStager {
  readonly #writer = new PieceWriter();
  readonly #cutter: Cutter = createLineCutter({ maxLineBytes: maximumRecordBytes });
  readonly #rows: RowsOfReader | SplitRows;
  readonly #newFile: NewFile;
  readonly #delimited: Extract<Decoder, { kind: 'delimited' }> | undefined;

  constructor(
    rows: RowsOfReader | SplitRows,
    newFile: NewFile,
    delimited: Extract<Decoder, { kind: 'delimited' }> | undefined,
  ) {
    this.#rows = rows;
    this.#newFile = newFile;
    this.#delimited = delimited;
  }

  push(chunk: Buffer): readonly StagedPiece[] {
    for (const cut of this.#cutter.push(chunk)) this.#take(cut);
    return this.#writer.isFull ? this.#flush() : [];
  }

  end(cutOff?: { readonly reason: string; readonly detail: string }): readonly StagedPiece[] {
    const last = this.#cutter.end();
    // Where the bytes are cut off, a line without an end is not the whole line.
    if (cutOff === undefined) for (const cut of last) this.#take(cut);
    this.#rows.end(this.#writer);
    if (cutOff !== undefined) this.#writer.trouble({ ...cutOff, count: 1, bytes: last[0]?.bytes ?? Buffer.alloc(0) });
    return this.#flush();
  }

  #take(cut: RecordCut | TroubleCut): void {
    if (cut.kind === 'record') this.#rows.line(cut.bytes.toString('utf8'), cut.bytes, this.#writer);
    else
      this.#writer.trouble({ reason: cut.reason, detail: cut.detail, bytes: cut.bytes, offset: cut.offset, count: 1 });
  }

  #flush(): readonly StagedPiece[] {
    const rows = this.#rows;
    if (rows instanceof RowsOfReader || this.#delimited === undefined)
      return this.#writer.take((content) => writtenNumbered(content, this.#newFile));
    const decoder = this.#delimited;
    return this.#writer.take((content) => {
      const file = this.#newFile('txt');
      writeFileSync(file, content);
      return {
        kind: 'columns',
        file,
        bytes: content.length,
        columns: rows.columns ?? [],
        separator: decoder.separator,
        ...missingOf(decoder),
        skip: 0,
        first: 0,
        numbered: true,
      };
    });
  }
}

function takeDecoded(writer: PieceWriter, decoded: Decoded): void {
  switch (decoded.kind) {
    case 'row':
      return writer.row(numberedJson(writer.record, wellFormed(Buffer.from(JSON.stringify(decoded.row)))));
    case 'trouble':
      return writer.trouble({ ...decoded.trouble, count: 1, bytes: Buffer.from(decoded.raw) });
    case 'excluded':
      return writer.excluded(decoded.rule);
  }
}

function wellFormed(json: Buffer): Buffer {
  return json.includes('\\ud') ? withoutLoneSurrogates(json) : json;
}

function numberedJson(record: number, json: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`{"n":${record},"j":`), json, Buffer.from('}\n')]);
}

/** Line ends inside JSON are white space: those in strings are escaped. */
function onOneLine(json: Buffer): Buffer {
  if (!json.includes(0x0a) && !json.includes(0x0d)) return json;
  return Buffer.from(json.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)));
}

function distinct(names: readonly string[]): readonly string[] {
  return names.map((name, index) => (names.indexOf(name) === index ? name : `${name}#${index + 1}`));
}

function writtenNumbered(content: Buffer, newFile: NewFile): StagedPiece['part'] {
  const file = newFile('ndjson');
  writeFileSync(file, content);
  return { kind: 'numbered', file, bytes: content.length };
}
