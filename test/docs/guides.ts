import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
export const LANGUAGES = ['en', 'ja'] as const;

export type Block = { readonly info: string; readonly language: string; readonly text: string };
export type Guide = {
  /** `docs/en/routing.md` */
  readonly path: string;
  readonly language: (typeof LANGUAGES)[number] | 'both';
  readonly headings: readonly { readonly level: number; readonly text: string }[];
  readonly blocks: readonly Block[];
  readonly links: readonly string[];
};

/** Every guide of one language, in the order of their names. */
export function guidesIn(language: (typeof LANGUAGES)[number]): Guide[] {
  return readdirSync(join(root, 'docs', language))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => readGuide(`docs/${language}/${name}`, language));
}

/** Takes a Markdown file apart, as far as its claims can be checked. */
export function readGuide(path: string, language: Guide['language'] = 'both'): Guide {
  const blocks: Block[] = [];
  const prose = readFileSync(join(root, path), 'utf8').replace(
    /^( *)```([^\n]*)\n([\s\S]*?)^\1```$/gm,
    (_all, indent: string, info: string, text: string) => {
      const lines = text.split('\n').map((line) => line.slice(indent.length));
      blocks.push({ info, language: info.split(' ')[0] ?? '', text: lines.join('\n') });
      return '';
    },
  );
  const headings = [...prose.matchAll(/^(#+) (.+)$/gm)].map((match) => ({
    level: match[1]?.length ?? 0,
    text: match[2] ?? '',
  }));
  const withoutCode = prose.replaceAll(/`[^`\n]*`/g, '``');
  const links = [...withoutCode.matchAll(/(!?)\[[^\]]*\]\(([^)\s]+)\)/g)]
    .filter((match) => match[1] === '')
    .map((match) => match[2] ?? '');
  return { path, language, headings, blocks, links };
}

/** The anchors that GitHub gives to headings. */
export function anchorsOf(guide: Guide): Set<string> {
  const seen = new Map<string, number>();
  return new Set(
    guide.headings.map(({ text }) => {
      const slug = text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
        .replaceAll(' ', '-');
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return times === 0 ? slug : `${slug}-${times}`;
    }),
  );
}

/** A block without its comments, which are in the reader's language. */
export function withoutComments({ text }: Block): string {
  return text
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#(?!\w).*$/, '').trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}

/** The shell lines of a block; a line that ends in a backslash goes on. */
export function commandsOf({ text }: Block): string[] {
  return text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .flatMap((line) => line.replace(/(?:^|\s)# .*$/, '').split(/\s&&\s/))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
