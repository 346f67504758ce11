export type Paragraph = { kind: 'text'; line: string } | { kind: 'list'; lines: string[] };

/** Lines of a help text: one paragraph each; those that start with `- ` are lists. */
export function helpParagraphs(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  for (const line of text.split('\n')) {
    const last = paragraphs.at(-1);
    if (!line.startsWith('- ')) paragraphs.push({ kind: 'text', line });
    else if (last?.kind === 'list') last.lines.push(line.slice(2));
    else paragraphs.push({ kind: 'list', lines: [line.slice(2)] });
  }
  return paragraphs;
}
