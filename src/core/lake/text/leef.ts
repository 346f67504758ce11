import { headerFields } from './header-fields.ts';
import { collectNames, type NamedValues } from './named-values.ts';

/** An event in IBM QRadar's Log Event Extended Format. */
export interface LeefEvent {
  readonly version: string;
  readonly vendor: string;
  readonly product: string;
  readonly productVersion: string;
  readonly eventId: string;
  /** A repeated key is kept as `key (2)`. */
  readonly attributes: NamedValues;
  /** Parts without an equals sign, in their order. */
  readonly rest: readonly string[];
}

const start = /^LEEF: ?(?=[12]\.\d)/;
const headerNames = 5;
const maximumPairs = 1000;
/** What stands in version 2's sixth field: a character, or its code as `0x5e` or `x5e`. */
const delimiterField = /^(?:0?x([0-9a-f]{1,4})|(\\t)|(.)?)\|/i;

/**
 * Reads a LEEF event of version 1 or 2, without the syslog head before it; undefined for what is none. Total, and linear in
 * the text's length.
 * @example parseLeef('LEEF:2.0|Example|Wall|1.0|deny|^|src=192.0.2.1^dst=198.51.100.2')?.attributes.dst // '198.51.100.2'
 */
export function parseLeef(text: string): LeefEvent | undefined {
  const head = start.exec(text);
  if (head === null) return undefined;
  const found = headerFields(text, head[0].length, headerNames);
  if (found === undefined) return undefined;
  const [version = '', vendor = '', product = '', productVersion = '', eventId = ''] = found.fields;
  const body = text.slice(found.end);
  const delimiter = version.startsWith('2') ? delimiterField.exec(body) : null;
  const attributes = attributesOf(body.slice(delimiter?.[0].length ?? 0), characterOf(delimiter));
  return { version, vendor, product, productVersion, eventId, ...attributes };
}

/** Many devices leave the field empty or out, and then separate by tabs as version 1 does. */
function characterOf(delimiter: RegExpExecArray | null): string {
  if (delimiter?.[1] !== undefined) return String.fromCharCode(Number.parseInt(delimiter[1], 16));
  return delimiter?.[3] ?? '\t';
}

function attributesOf(body: string, delimiter: string): Pick<LeefEvent, 'attributes' | 'rest'> {
  const pairs = collectNames();
  const rest: string[] = [];
  let from = 0;
  while (from < body.length) {
    const next = pairs.size + rest.length + 1 < maximumPairs ? body.indexOf(delimiter, from) : -1;
    const part = body.slice(from, next === -1 ? body.length : next).trim();
    const equals = part.indexOf('=');
    if (equals > 0) pairs.add(part.slice(0, equals).trim(), part.slice(equals + 1));
    else if (part !== '') rest.push(part);
    from = next === -1 ? body.length : next + delimiter.length;
  }
  return { attributes: pairs.values, rest };
}
