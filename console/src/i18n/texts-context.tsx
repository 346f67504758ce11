import { I18nProvider } from '@cloudscape-design/components/i18n';
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { remember } from '../app/browser-storage.ts';
import { browserZone, type TimeFormat, timeFormat } from '../format/time-format.ts';
import { type Catalog, type Language, loadCatalog } from './catalog.ts';
import { formatMessage, type MessageValue } from './message-format.ts';
import type { PlaceholderOfKey, TextKey } from './text-types.ts';

type ValuesOf<Key extends TextKey> = [PlaceholderOfKey<Key>] extends [never]
  ? []
  : [values: { readonly [Name in PlaceholderOfKey<Key>]: MessageValue }];

/** How the console speaks: texts, numbers and times of the chosen language. */
export type Speech = {
  readonly language: Language;
  setLanguage(language: Language): void;
  t<Key extends TextKey>(key: Key, ...values: ValuesOf<Key>): string;
  number(value: number): string;
  readonly time: TimeFormat;
};

const SpeechContext = createContext<Speech | undefined>(undefined);

/** The texts of the chosen language. */
export function useTexts(): Speech {
  const speech = use(SpeechContext);
  if (speech === undefined) throw new Error('useTexts outside of TextsProvider');
  return speech;
}

type Loaded = { readonly language: Language; readonly catalog: Catalog };

/** Gives everything below it the texts of one language, and Cloudscape its own. */
export function TextsProvider(props: { initial: Loaded; children: ReactNode }) {
  const [loaded, setLoaded] = useState(props.initial);
  const { language, catalog } = loaded;

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const speech = useMemo(
    () =>
      makeSpeech(language, catalog, (next) => {
        remember('language', next);
        void loadCatalog(next).then((found) => {
          // Before anything is drawn or read again: requests ask for texts in the language of the page.
          document.documentElement.lang = next;
          setLoaded({ language: next, catalog: found });
        });
      }),
    [language, catalog],
  );
  return (
    <SpeechContext value={speech}>
      <I18nProvider locale={language} messages={[catalog.cloudscape]}>
        {props.children}
      </I18nProvider>
    </SpeechContext>
  );
}

function makeSpeech(language: Language, catalog: Catalog, setLanguage: (language: Language) => void): Speech {
  const numbers = new Intl.NumberFormat(language);
  const rules = new Intl.PluralRules(language);
  return {
    language,
    setLanguage,
    t: (key, ...values) => formatMessage(catalog.texts[key], values[0] ?? {}, rules, numbers),
    number: (value) => numbers.format(value),
    time: timeFormat(language, browserZone()),
  };
}
