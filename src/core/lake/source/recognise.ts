import type { LogSource, ObjectSample } from '#core/lake/source/log-source.ts';

export type Recognised<S> =
  | { readonly ok: true; readonly source: S }
  /** Sources that come near, best first. */
  | { readonly ok: false; readonly nearest: readonly S[] };

/** Finds the source of an object by its content, and by its key where the content tells nothing or fits several. */
export function recogniseSource<S extends LogSource>(sources: readonly S[], sample: ObjectSample): Recognised<S> {
  const judged = sources.map((source) => ({
    source,
    byKey: source.recognise.key.test(sample.key),
    byContent: source.recognise.content(sample),
  }));
  const byContent = judged.filter((found) => found.byContent);
  const both = byContent.filter((found) => found.byKey);
  const [first, second] = both.length > 0 ? both : byContent;
  if (first !== undefined && second === undefined) return { ok: true, source: first.source };
  if (first !== undefined)
    return { ok: false, nearest: (both.length > 0 ? both : byContent).map((found) => found.source) };
  const byKey = judged.filter((found) => found.byKey);
  const [only] = byKey;
  // An empty object, or one with only a header, shows nothing of its source but its key.
  if (only !== undefined && byKey.length === 1 && sample.text.trim().split('\n').length < 2)
    return { ok: true, source: only.source };
  return { ok: false, nearest: byKey.map((found) => found.source) };
}

const sampleBytes = 65_536;

/** The sample of an object from its key and the beginning of its decoded content. */
export function sampleOf(key: string, head: Buffer): ObjectSample {
  const text = head.subarray(0, sampleBytes).toString('utf8');
  const firstLine = (text.split('\n', 1)[0] ?? '').replace(/\r$/, '');
  const firstJson = jsonAt(text) ?? jsonAt(firstLine);
  return { key, text, firstLine, ...(firstJson === undefined ? {} : { firstJson }) };
}

/** The first JSON value: of the whole text, of its first line, or of the first document of several without separators. */
function jsonAt(text: string): unknown {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) return undefined;
  return parsed(trimmed) ?? parsed(firstDocument(trimmed));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Up to the bracket that closes the first one. */
function firstDocument(text: string): string {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at += 1;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{' || letter === '[') depth += 1;
    else if (letter === '}' || letter === ']') {
      depth -= 1;
      if (depth === 0) return text.slice(0, at + 1);
    }
  }
  return '';
}
