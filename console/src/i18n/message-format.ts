/** The names in braces of a text: `'{count} of {total}'` needs `count` and `total`. */
export type PlaceholderOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderOf<Rest>
  : never;

export type MessageValue = string | number;

const PLACEHOLDER = /\{(\w+)\}/g;

/** The placeholder names of a text, sorted, each once. */
export function placeholdersOf(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(PLACEHOLDER), (match) => match[1] ?? ''))].sort();
}

/** The form of a text for `count`; a text of two forms is written `one|other`. */
export function pluralForm(text: string, count: unknown, rules: Intl.PluralRules): string {
  const forms = text.split('|');
  const [one, other] = forms;
  if (one === undefined || other === undefined) return text;
  return typeof count === 'number' && rules.select(count) === 'one' ? one : other;
}

/** A text cut at its placeholders, so that values which are not strings can be put between. */
export function messageParts(text: string): ({ text: string } | { name: string })[] {
  const parts: ({ text: string } | { name: string })[] = [];
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ name: match[1] ?? '' });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** Fills in a text; numbers are written as the language writes them, an absent value stays visible as its name. */
export function formatMessage(
  text: string,
  values: Readonly<Record<string, MessageValue>>,
  rules: Intl.PluralRules,
  numbers: Intl.NumberFormat,
): string {
  return messageParts(pluralForm(text, values['count'], rules))
    .map((part) => {
      if ('text' in part) return part.text;
      const value = values[part.name];
      return typeof value === 'number' ? numbers.format(value) : (value ?? `{${part.name}}`);
    })
    .join('');
}
