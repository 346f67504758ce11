import type { I18nProviderProps } from '@cloudscape-design/components/i18n';
import { withKeptUnits } from './number-units.ts';
import type { Texts } from './text-types.ts';

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export type Catalog = { readonly texts: Texts; readonly cloudscape: I18nProviderProps.Messages };

/** Loads the texts of one language, ours and Cloudscape's own. */
export async function loadCatalog(language: Language): Promise<Catalog> {
  if (language === 'ja') {
    const [own, cloudscape] = await Promise.all([
      import('./ja.ts'),
      import('@cloudscape-design/components/i18n/messages/all.ja'),
    ]);
    return { texts: withKeptUnits(own.ja), cloudscape: cloudscape.default };
  }
  const [own, cloudscape] = await Promise.all([
    import('./en.ts'),
    import('@cloudscape-design/components/i18n/messages/all.en'),
  ]);
  return { texts: own.en, cloudscape: cloudscape.default };
}

/** The language a value names, or undefined. */
export function languageNamed(value: unknown): Language | undefined {
  return LANGUAGES.find((language) => language === value);
}

/** The chosen language, else the first of the browser's that we have, else the installation's. */
export function preferredLanguage(chosen: string | null, browser: readonly string[], installation: Language): Language {
  const fromBrowser = browser.map((tag) => languageNamed(tag.slice(0, 2).toLowerCase())).find(Boolean);
  return languageNamed(chosen) ?? fromBrowser ?? installation;
}
