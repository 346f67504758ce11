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
  const whole = isJsonLines(body) ? undefined : parseJson(body);
  if (whole?.ok === true)
    return {
      events: (Array.isArray(whole.value) ? whole.value : [whole.value]).map((event: unknown) => ({
        event,
        raw: jsonText(event),
      })),
      errors: [],
    };
  const lines = parseLines(body);
  // It was meant as one document, so its own error says more.
  return whole !== undefined && isOneDocument(body, lines)
    ? { events: [], errors: [locate(body, whole.message)] }
    : lines;
}

/** True when a whole object stands in the first line and more follows: then the text is no single value, and finding that out again would cost. */
function isJsonLines(body: string): boolean {
  const end = body.indexOf('\n');
  return body.startsWith('{') && end !== -1 && parseJson(body.slice(0, end)).ok && body.slice(end).trim() !== '';
}

/** An array that was not finished, or text of which no line is an object or array of its own. */
function isOneDocument(body: string, lines: ParsedDocument): boolean {
  const [first = ''] = body.trimStart().split('\n', 1);
  if (first.startsWith('[') && !parseJson(first).ok) return true;
  return !lines.events.some(({ event }) => typeof event === 'object' && event !== null);
}

/** JSON text of a value; values too deep for that are replaced by a note. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (thrown) {
    return JSON.stringify({ 'yagura:unprintable': thrown instanceof Error ? thrown.message : 'not JSON' });
  }
}

/** Finding the place in a line costs far more than seeing that it is broken: after this many only the line is told. */
const MAX_LOCATED = 100;
/** After this many broken lines they are told together. */
const MAX_ERRORS = 10_000;
/** So many broken lines before any good one are no JSON lines. */
const HOPELESS = 10_000;

function parseLines(body: string): ParsedDocument {
  const events: ParsedEvent[] = [];
  const errors: DocumentError[] = [];
  let [number, untold] = [0, 0];
  for (const line of linesOf(body)) {
    number += 1;
    const raw = line.trim();
    if (raw === '') continue;
    const parsed = parseJson(raw);
    if (parsed.ok) events.push({ event: parsed.value, raw });
    else if (errors.length < MAX_ERRORS)
      errors.push(brokenLine(raw, number, parsed.message, errors.length < MAX_LOCATED));
    else untold += 1;
    if (events.length === 0 && errors.length === HOPELESS) break;
  }
  const more = { position: `up to line ${number}`, detail: `not JSON: ${untold} more lines` };
  return { events, errors: untold === 0 ? errors : [...errors, more] };
}

function brokenLine(raw: string, number: number, message: string, isLocated: boolean): DocumentError {
  if (!isLocated) return { position: `line ${number}`, detail: 'not JSON' };
  const { position, detail } = locate(raw, message);
  return { position: position.replace(/^line \d+/, `line ${number}`), detail };
}

/** Lines one by one: a body of millions must not become an array of millions. */
function* linesOf(body: string): Generator<string> {
  for (let from = 0; ; ) {
    const end = body.indexOf('\n', from);
    yield end === -1 ? body.slice(from) : body.slice(from, end);
    if (end === -1) return;
    from = end + 1;
  }
}

type Parsed = { ok: true; value: unknown } | { ok: false; message: string };

function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (thrown) {
    return { ok: false, message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** V8 says `… at position 12 (line 1 column 13)`, but not for a token that must not stand there or a text that ends too early. */
function locate(text: string, message: string): DocumentError {
  const place = /\(line (\d+) column (\d+)\)/.exec(message);
  const end = place === null ? endOf(message.startsWith(BAD_TOKEN) ? upToBadToken(text) : text) : undefined;
  const [line, column] = end ?? [Number(place?.[1]), Number(place?.[2])];
  // V8 quotes the text around the place, which may hold anything.
  const detail = message.replace(/ at position \d+.*$/s, '').replace(/, .*is not valid JSON$/s, '');
  return { position: `line ${line}, column ${column}`, detail: `not JSON: ${detail.slice(0, 200)}` };
}

const BAD_TOKEN = 'Unexpected token';
/** Looking for the place reads the text some twenty times. */
const MAX_SEARCHED = 4 * 1024 * 1024;

/** The longest beginning that does not yet hold the bad token. */
function upToBadToken(text: string): string {
  let [low, high] = [0, Math.min(text.length, MAX_SEARCHED)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holdsBadToken(text.slice(0, middle))) high = middle - 1;
    else low = middle;
  }
  return text.slice(0, low);
}

function holdsBadToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (thrown) {
    return thrown instanceof Error && thrown.message.startsWith(BAD_TOKEN);
  }
}

function endOf(text: string): [number, number] {
  const lines = text.split('\n');
  return [lines.length, (lines.at(-1)?.length ?? 0) + 1];
}
