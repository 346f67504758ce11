import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { plain, type Terminal } from '#apps/cli/output.ts';
import { messageOf } from '#core/errors/yagura-error.ts';
import { type ParsedEvent, parseDocument } from '#core/intake/parse-document.ts';

const MAX_FILE = 1024 * 1024 * 1024;
const MAX_INFLATED = 512 * 1024 * 1024;

/** Events of files in order; what cannot be read is said on standard error with file and position. */
export function readEventFiles(
  files: readonly string[],
  terminal: Terminal,
): { events: ParsedEvent[]; failures: number } {
  const events: ParsedEvent[] = [];
  let failures = 0;
  for (const file of files) {
    try {
      const parsed = parseDocument(readText(resolve(terminal.cwd, file)));
      events.push(...parsed.events);
      for (const error of parsed.errors)
        terminal.err(`yagura: ${plain(`${file}: ${error.position}: ${error.detail}`)}\n`);
      failures += parsed.errors.length;
    } catch (thrown) {
      terminal.err(`yagura: ${plain(`${file}: ${messageOf(thrown)}`)}\n`);
      failures += 1;
    }
  }
  return { events, failures };
}

function readText(path: string): string {
  const { size } = statSync(path);
  if (size > MAX_FILE) throw new Error(`larger than ${MAX_FILE} bytes; split it`);
  const bytes = readFileSync(path);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return new TextDecoder('utf-8', { ignoreBOM: false }).decode(isGzip ? inflate(bytes) : bytes);
}

function inflate(bytes: Buffer): Buffer {
  try {
    // A bomb is refused before it fills the memory.
    return gunzipSync(bytes, { maxOutputLength: MAX_INFLATED });
  } catch (cause) {
    throw new Error(`not readable as gzip (position 0): ${messageOf(cause)}`, { cause });
  }
}
