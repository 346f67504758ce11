/** Keeps a number and the unit after it on one line: `{count} 件` must not break between the two. */
export function withKeptUnits<Texts extends Readonly<Record<string, string>>>(texts: Texts): Texts {
  const kept = Object.entries(texts).map(([key, text]) => [
    key,
    text.replace(/(\{\w+\}|\d) (?=[件日文行ペ])/g, '$1\u00a0'),
  ]);
  // The same keys with texts of the same placeholders.
  return Object.fromEntries(kept) as Texts;
}
