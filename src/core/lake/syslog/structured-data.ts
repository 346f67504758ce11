/** Structured data and where the line goes on after it. */
export type FoundStructuredData = {
  readonly end: number;
  readonly elements: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/**
 * Reads RFC 5424's `[id name="value"]…` at a position; undefined when it is broken, so that its text can stay in the message.
 * An unescaped `]` within quotes is let pass: many senders forget it.
 */
export function structuredDataAt(text: string, position: number): FoundStructuredData | undefined {
  const elements = dictionary<Readonly<Record<string, string>>>();
  let end = position;
  while (text[end] === '[') {
    const element = elementAt(text, end);
    if (element === undefined) return undefined;
    elements.add(element.id, element.params);
    end = element.end;
  }
  return end === position ? undefined : { end, elements: elements.entries };
}

type Element = { readonly end: number; readonly id: string; readonly params: Readonly<Record<string, string>> };

function elementAt(text: string, position: number): Element | undefined {
  const idEnd = nameEnd(text, position + 1);
  const id = text.slice(position + 1, idEnd);
  if (id === '') return undefined;
  const params = dictionary<string>();
  let at = idEnd;
  for (;;) {
    if (text[at] === ']') return { end: at + 1, id, params: params.entries };
    if (text[at] !== ' ') return undefined;
    while (text[at] === ' ') at += 1;
    if (text[at] === ']') continue;
    const equals = nameEnd(text, at);
    if (equals === at || !text.startsWith('="', equals)) return undefined;
    const value = valueAt(text, equals + 2);
    if (value === undefined) return undefined;
    params.add(text.slice(at, equals), value.value);
    at = value.end;
  }
}

/** Where a name ends: at what RFC 5424 forbids in one, or at the end of the text. */
function nameEnd(text: string, position: number): number {
  let at = position;
  while (at < text.length && !'= ]"'.includes(text.charAt(at))) at += 1;
  return at;
}

function valueAt(text: string, position: number): { readonly end: number; readonly value: string } | undefined {
  let value = '';
  let from = position;
  for (let at = position; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { end: at + 1, value: value + text.slice(from, at) };
    // Before anything else a backslash stands for itself.
    if (char !== '\\' || !isEscapable(text.charAt(at + 1))) continue;
    value += text.slice(from, at);
    from = at + 1;
    at += 1;
  }
  return undefined;
}

function isEscapable(char: string): boolean {
  return char === '"' || char === '\\' || char === ']';
}

/** Names come from the sender: without a prototype `__proto__` is a name like any other. */
function dictionary<T>(): { readonly entries: Record<string, T>; add(name: string, value: T): void } {
  const entries: Record<string, T> = Object.create(null);
  const seen = new Map<string, number>();
  return {
    entries,
    add: (name, value) => {
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      // No name holds a space, so this one is free.
      entries[count === 1 ? name : `${name} (${count})`] = value;
    },
  };
}
