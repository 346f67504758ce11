/** Of a trouble at most so many bytes are kept; the offset and length say where the rest is. */
export const MAX_TROUBLE_BYTES = 64 * 1024;

export type CutReason =
  | 'json.malformed'
  | 'json.truncated'
  | 'json.too-large'
  | 'json.too-deep'
  | 'json.duplicate-key'
  | 'json.invalid-utf8'
  | 'json.not-an-object'
  | 'json.garbage'
  | 'json.envelope'
  | 'line.too-long';

/** One record (or line), without what separates it from its neighbours. */
export type RecordCut = {
  readonly kind: 'record';
  /** A view of the chunk it came in or of memory of the cutter, which is never written again. */
  readonly bytes: Buffer;
  /** Where it begins in all bytes pushed so far. */
  readonly offset: number;
  /** The document around the record as JSON text, without the array of records; only when it was asked for. */
  readonly envelope: Buffer | undefined;
  /** The JSON has `\ud83d` without its other half, which many readers refuse: see `withoutLoneSurrogates`. */
  readonly loneSurrogates: boolean;
};

/** Bytes that are no record, or not a whole one. */
export type TroubleCut = {
  readonly kind: 'trouble';
  readonly reason: CutReason;
  /** What was wrong and where, without text from the input. */
  readonly detail: string;
  /** The first bytes of the span, at most `MAX_TROUBLE_BYTES`. */
  readonly bytes: Buffer;
  readonly offset: number;
  /** Of the whole span. */
  readonly length: number;
  /** How many records the span stands for; 0 where only the frame around records is broken. */
  readonly records: number;
};

export type Cut = RecordCut | TroubleCut;

/** Cuts a stream of bytes; chunks may end anywhere and must not be changed after they were pushed. */
export type Cutter = {
  push(chunk: Buffer): Cut[];
  end(): Cut[];
};
