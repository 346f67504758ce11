import type { en } from './en.ts';
import type { PlaceholderOf } from './message-format.ts';

export type TextKey = keyof typeof en;
/** Every text of the console in one language. */
export type Texts = { readonly [Key in TextKey]: string };
/** The placeholders of one text. */
export type PlaceholderOfKey<Key extends TextKey> = PlaceholderOf<(typeof en)[Key]>;
/** The texts without placeholders. */
export type PlainTextKey = { [Key in TextKey]: [PlaceholderOfKey<Key>] extends [never] ? Key : never }[TextKey];
