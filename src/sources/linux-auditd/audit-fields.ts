/** One `key=value` of a record. */
export interface AuditField {
  readonly key: string;
  readonly value: string;
  /** Values in quotes are text as it stands; others may be hexadecimal. */
  readonly isQuoted: boolean;
}

export interface AuditFields {
  readonly fields: readonly AuditField[];
  /** What belongs to no field, e.g. `avc: denied { read } for`. */
  readonly words: string;
}

/** What auditd writes between a record and the names that it looked up for its numbers (`log_format = ENRICHED`). */
const interpretationMark = '\u001d';
/** The same as rsyslog writes it. */
const escapedMark = '#035';
const missing = new Set(['', '?', '(null)', '(none)']);

/** Reads what stands behind a record's head. Total, and linear in the text's length. */
export function auditFields(body: string): AuditFields {
  const reader = new FieldReader();
  const { end, from } = interpretation(body);
  reader.read(body.slice(0, end));
  if (from !== undefined) reader.read(body.slice(from).replaceAll(interpretationMark, ' '));
  return { fields: reader.fields, words: reader.words.join(' ') };
}

/** Where a record's own fields end, and where the names that auditd added begin. */
function interpretation(body: string): { readonly end: number; readonly from?: number } {
  const mark = body.indexOf(interpretationMark);
  if (mark >= 0) return { end: mark, from: mark + 1 };
  const escaped = body.lastIndexOf(escapedMark);
  // A file name can hold the same characters, but only within quotes.
  const isInside = escaped < 0 || body.slice(0, escaped).split('"').length % 2 === 0;
  return isInside ? { end: body.length } : { end: escaped, from: escaped + escapedMark.length };
}

/** State: what was read so far. */
class FieldReader {
  readonly fields: AuditField[] = [];
  readonly words: string[] = [];

  read(text: string): void {
    let at = 0;
    while (at < text.length) {
      if (text[at] === ' ') at += 1;
      else at = this.#readAt(text, at);
    }
  }

  #readAt(text: string, start: number): number {
    const end = endOfWord(text, start);
    const equals = text.indexOf('=', start);
    if (equals <= start || equals >= end) {
      this.#word(text.slice(start, end));
      return end;
    }
    const key = text.slice(start, equals);
    const from = equals + 1;
    // A user space record has its own fields inside; they may hold an apostrophe.
    if (key === 'msg' && text[from] === "'") {
      const close = endOfMessage(text, from + 1);
      this.read(text.slice(from + 1, close));
      return close + 1;
    }
    const quote = closingOf[text[from] ?? ''];
    const close = quote === undefined ? -1 : text.indexOf(quote, from + 1);
    if (close < 0) {
      this.#add(key, text.slice(from, end), false);
      return end;
    }
    const isText = quote !== '}';
    this.#add(key, isText ? text.slice(from + 1, close) : text.slice(from, close + 1), isText);
    return close + 1;
  }

  #add(key: string, value: string, isQuoted: boolean): void {
    this.fields.push({ key, value, isQuoted });
  }

  /** Old programs write `op=adding user to group`. */
  #word(word: string): void {
    const last = this.fields.at(-1);
    if (last?.key !== 'op' || last.isQuoted) this.words.push(word);
    else this.fields[this.fields.length - 1] = { ...last, value: `${last.value} ${word}` };
  }
}

const closingOf: Readonly<Record<string, string | undefined>> = { '"': '"', "'": "'", '{': '}' };

/** The last apostrophe, where nothing stands behind it but names that were looked up; else the message is cut off. */
function endOfMessage(text: string, from: number): number {
  const close = text.lastIndexOf("'");
  const isEnd = close >= from && /^ *(?:$|[A-Z_]{2,20}=)/.test(text.slice(close + 1, close + 64));
  return isEnd ? close : text.length;
}

function endOfWord(text: string, from: number): number {
  const end = text.indexOf(' ', from);
  return end < 0 ? text.length : end;
}

/** True for a field that says nothing: `?`, `(null)`, `(none)`. */
export function isMissing(field: AuditField): boolean {
  return missing.has(field.value);
}
