export type ParsedEvent = { readonly event: unknown; readonly raw: string };
export type DocumentError = {
  /** `line 3, column 14` where known. */ readonly position: string;
  readonly detail: string;
};
export type ParsedDocument = { readonly events: readonly ParsedEvent[]; readonly errors: readonly DocumentError[] };

/** Reads one JSON value, a JSON array or JSON lines; a broken line costs only itself. */
export function parseDocument(text: string): ParsedDocument {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (body.trim() === '')
    return { events: [], errors: [{ position: 'line 1, column 1', detail: 'the document is empty' }] };
  const whole = parseJson(body);
  if (whole.ok)
    return {
      events: (Array.isArray(whole.value) ? whole.value : [whole.value]).map((event: unknown) => ({
        event,
        raw: jsonText(event),
      })),
      errors: [],
    };
  const lines = parseLines(body);
  // Not one good line: it was meant as one document, so its own error says more.
  return lines.events.length > 0 ? lines : { events: [], errors: [whole.error] };
}

/** JSON text of a value; values too deep for that are replaced by a note. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (thrown) {
    return JSON.stringify({ 'yagura:unprintable': thrown instanceof Error ? thrown.message : 'not JSON' });
  }
}

function parseLines(body: string): ParsedDocument {
  const events: ParsedEvent[] = [];
  const errors: DocumentError[] = [];
  let number = 0;
  for (const line of body.split('\n')) {
    number += 1;
    const raw = line.trim();
    if (raw === '') continue;
    const parsed = parseJson(raw);
    if (parsed.ok) events.push({ event: parsed.value, raw });
    else
      errors.push({
        position: parsed.error.position.replace(/^line \d+/, `line ${number}`),
        detail: parsed.error.detail,
      });
  }
  return { events, errors };
}

type Parsed = { ok: true; value: unknown } | { ok: false; error: DocumentError };

function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (thrown) {
    return { ok: false, error: locate(text, thrown instanceof Error ? thrown.message : String(thrown)) };
  }
}

/** V8 says `… at position 12 (line 1 column 13)`, or nothing when the text ends too early. */
function locate(text: string, message: string): DocumentError {
  const place = /\(line (\d+) column (\d+)\)/.exec(message);
  const [line, column] = place === null ? endOf(text) : [Number(place[1]), Number(place[2])];
  const detail = message
    .replace(/ at position \d+.*$/, '')
    .replace(/, "?\.{3}.*$/s, '')
    .replace(/, ".*" is not valid JSON$/s, '');
  return { position: `line ${line}, column ${column}`, detail: `not JSON: ${detail.slice(0, 200)}` };
}

function endOf(text: string): [number, number] {
  const lines = text.split('\n');
  return [lines.length, (lines.at(-1)?.length ?? 0) + 1];
}
