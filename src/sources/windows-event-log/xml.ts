/** An element of a document; namespaces and prefixes are left out of names. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Its own text, without that of its children. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

export type XmlRead =
  | { readonly ok: true; readonly root: XmlElement }
  | { readonly ok: false; readonly reason: string; readonly detail: string };

/** No event of Windows is as deep; a hostile one must not cost more than its length. */
const deepest = 64;

interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  text: string;
  readonly children: XmlElement[];
}

/**
 * Reads one XML element. There are no entities but the five of XML itself, and no document type: a text that declares one
 * is refused. Linear in the text's length.
 */
export function readXml(text: string): XmlRead {
  const reader = new XmlReader(text);
  try {
    return { ok: true, root: reader.read() };
  } catch (error) {
    if (error instanceof XmlTrouble) return { ok: false, reason: error.reason, detail: error.message };
    throw error;
  }
}

/** Never leaves this file: it ends the reading of a text at any depth. */
class XmlTrouble extends Error {
  readonly reason: string;

  constructor(reason: string, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

const nameStart = /[A-Za-z_]/;
const nameEnd = /[\s/>=]/g;

/** State: where in the text we are, and which elements are open. */
class XmlReader {
  readonly #text: string;
  readonly #open: OpenElement[] = [];
  #at = 0;
  #root: XmlElement | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(): XmlElement {
    while (this.#at < this.#text.length) this.#step();
    if (this.#root === undefined || this.#open.length > 0) this.#fail('the text ends within an element');
    return this.#root;
  }

  #step(): void {
    const next = this.#text.indexOf('<', this.#at);
    this.#addText(this.#text.slice(this.#at, next < 0 ? undefined : next));
    if (next < 0) {
      this.#at = this.#text.length;
      return;
    }
    this.#at = next;
    if (this.#text.startsWith('<!--', next)) this.#skipPast('-->');
    else if (this.#text.startsWith('<![CDATA[', next)) this.#characterData();
    else if (this.#text.startsWith('<?', next)) this.#skipPast('?>');
    else if (this.#text.startsWith('<!', next)) throw new XmlTrouble('xml.doctype', 'a document type is not allowed');
    else if (this.#text.startsWith('</', next)) this.#close();
    else this.#start();
  }

  #addText(raw: string): void {
    const current = this.#open.at(-1);
    if (current !== undefined) current.text += this.#decoded(raw);
    else if (raw.trim() !== '') this.#fail('text stands outside of the element');
  }

  #skipPast(mark: string): void {
    this.#at = this.#find(mark) + mark.length;
  }

  #characterData(): void {
    const end = this.#find(']]>');
    const current = this.#open.at(-1);
    if (current === undefined) this.#fail('text stands outside of the element');
    current.text += this.#text.slice(this.#at + '<![CDATA['.length, end);
    this.#at = end + 3;
  }

  #start(): void {
    if (this.#root !== undefined) this.#fail('something follows the element');
    if (this.#open.length >= deepest) throw new XmlTrouble('xml.too-deep', `more than ${deepest} levels`);
    this.#at += 1;
    const name = localName(this.#name());
    const attributes = new Map<string, string>();
    for (;;) {
      this.#skipSpace();
      if (this.#text.startsWith('/>', this.#at)) {
        this.#at += 2;
        return this.#add({ name, attributes, text: '', children: [] });
      }
      if (this.#text[this.#at] === '>') break;
      this.#attribute(attributes);
    }
    this.#at += 1;
    this.#open.push({ name, attributes, text: '', children: [] });
  }

  #attribute(attributes: Map<string, string>): void {
    const name = this.#name();
    this.#skipSpace();
    if (this.#text[this.#at] !== '=') this.#fail('an attribute has no value');
    this.#at += 1;
    this.#skipSpace();
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") this.#fail('an attribute has no quotes');
    this.#at += 1;
    const end = this.#find(quote);
    const value = this.#decoded(this.#text.slice(this.#at, end));
    this.#at = end + 1;
    // The place of the schema says nothing of the event.
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) attributes.set(localName(name), value);
  }

  #close(): void {
    this.#at += 2;
    const name = localName(this.#name());
    this.#skipSpace();
    const closed = this.#open.pop();
    if (closed?.name !== name || this.#text[this.#at] !== '>') this.#fail('an end tag does not fit');
    this.#at += 1;
    this.#add(closed);
  }

  #add(element: XmlElement): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }

  #name(): string {
    nameEnd.lastIndex = this.#at;
    const end = nameEnd.exec(this.#text)?.index ?? this.#text.length;
    const name = this.#text.slice(this.#at, end);
    if (!nameStart.test(name.charAt(0)) || name.includes('<')) this.#fail('a name was expected');
    this.#at = end;
    return name;
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && this.#text.charCodeAt(this.#at) <= 0x20) this.#at += 1;
  }

  #find(mark: string): number {
    const found = this.#text.indexOf(mark, this.#at);
    if (found < 0) this.#fail('the text ends too early');
    return found;
  }

  #decoded(raw: string): string {
    if (!raw.includes('&')) return raw;
    const [first = '', ...others] = raw.split('&');
    return first + others.map((part) => this.#entity(part)).join('');
  }

  #entity(part: string): string {
    const end = part.indexOf(';');
    const name = part.slice(0, Math.max(end, 0));
    const character = named[name] ?? numbered(name);
    if (character === undefined) throw new XmlTrouble('xml.entity', `unknown entity at ${this.#at}`);
    return character + part.slice(end + 1);
  }

  #fail(detail: string): never {
    throw new XmlTrouble('xml.malformed', `${detail}, at ${this.#at}`);
  }
}

const named: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
});

function numbered(name: string): string | undefined {
  const found = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}))$/.exec(name);
  if (found === null) return undefined;
  const code = Number.parseInt(found[1] ?? found[2] ?? '', found[1] === undefined ? 10 : 16);
  if (code > 0x10ffff) return undefined;
  // Half a pair is no character.
  return code >= 0xd800 && code <= 0xdfff ? '\uFFFD' : String.fromCodePoint(code);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The first child of that name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}
