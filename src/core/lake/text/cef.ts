import { type HeaderFields, headerFields } from './header-fields.ts';
import { collectNames, type NamedValues } from './named-values.ts';

/** An event in ArcSight's Common Event Format. */
export interface CefEvent {
  readonly version: string;
  readonly deviceVendor: string;
  readonly deviceProduct: string;
  readonly deviceVersion: string;
  readonly signatureId: string;
  readonly name: string;
  readonly severity: string;
  /** Values without escapes; a repeated key is kept as `key (2)`. */
  readonly extension: NamedValues;
  /** Text before the first `key=` of the extension. */
  readonly rest: string;
}

const start = /^CEF: ?(?=\d)/;
const headerNames = 7;
/** An extension with more pairs than this keeps the others, uncut, in the last value. */
const maximumPairs = 1000;
const keyStart = /[\w.[\]-]/;

/**
 * Reads a CEF event, without the syslog head before it; undefined for what is none. Total, and linear in the text's length.
 * @example parseCef('CEF:0|Example|Wall|1.0|100|dropped|5|src=192.0.2.1 msg=a b')?.extension.msg // 'a b'
 */
export function parseCef(text: string): CefEvent | undefined {
  const head = start.exec(text);
  if (head === null) return undefined;
  const found = headerFields(text, head[0].length, headerNames);
  if (found === undefined) return undefined;
  return { ...named(found), ...extensionOf(text.slice(found.end)) };
}

function named({ fields }: HeaderFields): Omit<CefEvent, 'extension' | 'rest'> {
  const [version = '', deviceVendor = '', deviceProduct = '', deviceVersion = '', signatureId = '', name = ''] = fields;
  return {
    version,
    deviceVendor,
    deviceProduct,
    deviceVersion,
    signatureId,
    name,
    severity: fields[headerNames - 1] ?? '',
  };
}

/** Values hold spaces and, against the format, equals signs: a value ends only where a space, a key and an equals sign follow. */
function extensionOf(text: string): { readonly extension: NamedValues; readonly rest: string } {
  const pairs = collectNames();
  let key = nextKey(text, 0);
  const rest = text.slice(0, key?.start ?? text.length).trim();
  while (key !== undefined) {
    const next = pairs.size + 1 < maximumPairs ? nextKey(text, key.equals + 1) : undefined;
    pairs.add(text.slice(key.start, key.equals), unescaped(text.slice(key.equals + 1, next?.start).trimEnd()));
    key = next;
  }
  return { extension: pairs.values, rest };
}

/** The next key that a space, or the text's start, stands before. */
function nextKey(text: string, from: number): { readonly start: number; readonly equals: number } | undefined {
  let floor = from;
  for (let equals = text.indexOf('=', from); equals !== -1; equals = text.indexOf('=', equals + 1)) {
    let keyAt = equals;
    while (keyAt > floor && keyStart.test(text.charAt(keyAt - 1))) keyAt -= 1;
    if (keyAt < equals && (keyAt === 0 || (keyAt > from && text[keyAt - 1] === ' '))) return { start: keyAt, equals };
    floor = equals + 1;
  }
  return undefined;
}

function unescaped(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\([\\=|nr])/g, (_, letter: string) =>
    letter === 'n' ? '\n' : letter === 'r' ? '\r' : letter,
  );
}
