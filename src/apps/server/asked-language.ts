import type { Context } from 'hono';
import type { Installation } from '#apps/server/installation.ts';
import type { Language } from '#core/notification/destination.ts';

/** The language of texts that the server makes for the asker: the first of ours in Accept-Language, else the central team's. */
export function askedLanguage(c: Context, { config }: Pick<Installation, 'config'>): Language {
  const asked = (c.req.header('accept-language') ?? '').slice(0, 200).split(',');
  for (const each of asked) {
    const language = /^\s*(en|ja)\b/i.exec(each)?.[1]?.toLowerCase();
    if (language === 'en' || language === 'ja') return language;
  }
  return config.central.language;
}
