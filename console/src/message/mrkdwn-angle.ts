/** What stands between angle brackets. */
export type AngleNode =
  | { readonly kind: 'link'; readonly href: string; readonly label: string }
  | { readonly kind: 'date'; readonly at: number; readonly format: string; readonly fallback: string }
  | { readonly kind: 'mention'; readonly label: string }
  | { readonly kind: 'text'; readonly text: string };

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Undoes Slack's three escapes, each once. */
export function unescapeSlack(text: string): string {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}

/** Reads the inside of `<…>`: a link, a date, a mention; what is none of them stays text. */
export function parseAngle(inside: string): AngleNode {
  if (inside.startsWith('!date^')) return dateNode(inside);
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : unescapeSlack(inside.slice(bar + 1));
  if (target.startsWith('!')) return { kind: 'mention', label: label ?? `@${target.slice(1).replace(/\^.*$/, '')}` };
  if (/^@[UW]/.test(target)) return { kind: 'mention', label: `@${(label ?? target.slice(1)).replace(/^@/, '')}` };
  if (/^#C/.test(target)) return { kind: 'mention', label: `#${(label ?? target.slice(1)).replace(/^#/, '')}` };
  const href = safeHref(unescapeSlack(target));
  if (href !== undefined) return { kind: 'link', href, label: label === undefined || label === '' ? target : label };
  return { kind: 'text', text: unescapeSlack(`<${inside}>`) };
}

/** The address when it is one a browser may open from here: http, https or mailto; never a script. */
export function safeHref(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' || protocol === 'mailto:' ? href : undefined;
}

function dateNode(inside: string): AngleNode {
  const bar = inside.indexOf('|');
  const fallback = bar < 0 ? '' : unescapeSlack(inside.slice(bar + 1));
  const [, seconds, format] = (bar < 0 ? inside : inside.slice(0, bar)).split('^');
  const at = Number(seconds) * 1000;
  if (seconds === undefined || seconds === '' || !Number.isFinite(at) || format === undefined) {
    return { kind: 'text', text: fallback };
  }
  return { kind: 'date', at, format: unescapeSlack(format), fallback };
}
