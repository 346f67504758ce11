import type { Language } from '#core/notification/destination.ts';
import { en, type Texts } from '#core/text/en.ts';
import { ja } from '#core/text/ja.ts';

/** Every text of messages and answers in one language. */
export function texts(language: Language): Texts {
  return language === 'ja' ? ja : en;
}
