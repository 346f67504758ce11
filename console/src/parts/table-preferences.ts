import type { CollectionPreferencesProps } from '@cloudscape-design/components/collection-preferences';
import { useCallback, useState } from 'react';
import { remember, remembered } from '../app/browser-storage.ts';

/** What a user chose about a table. */
export type TablePreferences = {
  readonly pageSize: number;
  readonly wrapLines: boolean;
  readonly stripedRows: boolean;
  readonly contentDensity: 'comfortable' | 'compact';
  readonly contentDisplay: readonly CollectionPreferencesProps.ContentDisplayItem[];
};

export const PAGE_SIZES = [25, 50, 100] as const;

/** Remembered preferences made safe: columns that no longer exist go, new ones come at the end as they are by default. */
export function readPreferences(text: string | null, defaults: TablePreferences): TablePreferences {
  let value: unknown;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    // Somebody else's or an old form: the defaults are always right.
    return defaults;
  }
  if (typeof value !== 'object' || value === null) return defaults;
  const given = value as Readonly<Record<string, unknown>>;
  return {
    pageSize: PAGE_SIZES.find((size) => size === given['pageSize']) ?? defaults.pageSize,
    wrapLines: typeof given['wrapLines'] === 'boolean' ? given['wrapLines'] : defaults.wrapLines,
    stripedRows: typeof given['stripedRows'] === 'boolean' ? given['stripedRows'] : defaults.stripedRows,
    contentDensity: given['contentDensity'] === 'compact' ? 'compact' : 'comfortable',
    contentDisplay: readDisplay(given['contentDisplay'], defaults.contentDisplay),
  };
}

function readDisplay(value: unknown, defaults: TablePreferences['contentDisplay']): TablePreferences['contentDisplay'] {
  if (!Array.isArray(value)) return defaults;
  const chosen = value.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null || !('id' in item)) return [];
    const known = defaults.find((column) => column.id === item.id);
    return known === undefined ? [] : [{ id: known.id, visible: 'visible' in item && item.visible === true }];
  });
  const missing = defaults.filter((column) => !chosen.some((each) => each.id === column.id));
  return [...chosen, ...missing];
}

/** Preferences of the table with this name, kept for the next visit. */
export function useTablePreferences(name: string, defaults: TablePreferences) {
  const [preferences, setPreferences] = useState(() => readPreferences(remembered(`table.${name}`), defaults));
  const save = useCallback(
    (next: unknown) => {
      const text = JSON.stringify(next);
      remember(`table.${name}`, text);
      setPreferences(readPreferences(text, defaults));
    },
    [name, defaults],
  );
  return [preferences, save] as const;
}
