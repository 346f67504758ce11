export interface HeaderFields {
  /** Without the escapes of `|` and backslash. */
  readonly fields: readonly string[];
  /** Where the text goes on after the last field's bar. */
  readonly end: number;
}

/** Reads so many fields that end with `|`, as CEF and LEEF begin; undefined where there are fewer. The last may end with the text. */
export function headerFields(text: string, position: number, count: number): HeaderFields | undefined {
  const fields: string[] = [];
  let field = '';
  let from = position;
  for (let at = position; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '\\' && (text[at + 1] === '|' || text[at + 1] === '\\')) {
      field += text.slice(from, at);
      from = at + 1;
      at += 1;
    } else if (letter === '|') {
      fields.push(field + text.slice(from, at));
      field = '';
      from = at + 1;
      if (fields.length === count) return { fields, end: from };
    }
  }
  if (fields.length !== count - 1) return undefined;
  return { fields: [...fields, field + text.slice(from)], end: text.length };
}
