import type { FileHandle } from 'node:fs/promises';
import { decodedBytes, type Limits } from './decoded-bytes.ts';
import { type ChunkSizes, type TextChunk, textChunks } from './text-chunks.ts';

/** A text that is a document of its own: one JSON value, a JSON array, or JSON lines. A large file comes in several, in order. */
export type InboxText = { readonly path: string; readonly name: string; readonly text: string };

export type Rejection = { /** `line 3`, counted in `text`. */ readonly position: string; readonly reason: string };

/** What became of one text. Its good events are durable when this is given. */
export type InboxVerdict = { readonly accepted: number; readonly rejected: readonly Rejection[] };

/** Accepting the same text again must be harmless: after a crash or a failure the file is read from its start. */
export type AcceptText = (input: InboxText) => Promise<InboxVerdict>;

export type FileVerdict = {
  readonly accepted: number;
  /** The first of them; `rejectedCount` has them all. */
  readonly rejected: readonly Rejection[];
  readonly rejectedCount: number;
  /** False when the signal ended the reading early. */
  readonly complete: boolean;
};

export const MOST_REASONS = 1_000;

/** Hands a file's texts over one after the other and adds up what became of them, positions counted in the file. */
export async function readInboxFile(
  file: FileHandle,
  { path, name }: { path: string; name: string },
  accept: AcceptText,
  settings: { readonly limits: Limits; readonly sizes: ChunkSizes; readonly signal: AbortSignal },
): Promise<FileVerdict> {
  const rejected: Rejection[] = [];
  let rejectedCount = 0;
  let accepted = 0;
  let brokenOff = false;
  const reject = (rejection: Rejection): void => {
    rejectedCount += 1;
    if (rejected.length < MOST_REASONS) rejected.push(rejection);
  };
  const bytes = decodedBytes(file, settings.limits, ({ reason }) => {
    brokenOff = true;
    reject({ position: 'file', reason });
  });
  for await (const chunk of textChunks(bytes, settings.sizes, reject)) {
    if (settings.signal.aborted) return { accepted, rejected, rejectedCount, complete: false };
    // Nothing of the file could be had; that it is empty would not be true.
    if (brokenOff && chunk.text === '') continue;
    const verdict = await accept({ path, name, text: chunk.text });
    accepted += verdict.accepted;
    for (const { position, reason } of verdict.rejected) reject({ position: inFile(position, chunk), reason });
  }
  return { accepted, rejected, rejectedCount, complete: true };
}

function inFile(position: string, { first, unit }: TextChunk): string {
  return position.replace(/^line (\d+)/, (_text, line: string) => `${unit} ${first + Number(line) - 1}`);
}
