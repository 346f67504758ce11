/** The first word of a statement, in capitals, behind comments and brackets. */
export function firstWord(statement: string): string | null {
  let text = statement.slice(0, 10_000).trimStart();
  for (;;) {
    const comment = text.startsWith('/*')
      ? text.indexOf('*/') + 2
      : /^(?:--|#)/.test(text)
        ? text.indexOf('\n') + 1
        : 0;
    if (comment < 2) break;
    text = text.slice(comment).trimStart();
  }
  return /^[(\s]{0,100}([A-Za-z]{2,20})/.exec(text)?.[1]?.toUpperCase() ?? null;
}
