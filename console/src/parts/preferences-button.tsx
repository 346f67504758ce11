import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import { useTexts } from '../i18n/texts-context.tsx';
import { PAGE_SIZES, type TablePreferences } from './table-preferences.ts';

/** The gear of a table: page size, columns, density. */
export function PreferencesButton(props: {
  preferences: TablePreferences;
  onChange: (next: unknown) => void;
  columns: readonly { id: string; label: string; alwaysVisible?: boolean }[];
  unit: (count: number) => string;
}) {
  const { t } = useTexts();
  return (
    <CollectionPreferences
      title={t('preferences.title')}
      preferences={props.preferences}
      onConfirm={({ detail }) => props.onChange(detail)}
      pageSizePreference={{ options: PAGE_SIZES.map((value) => ({ value, label: props.unit(value) })) }}
      wrapLinesPreference={{}}
      stripedRowsPreference={{}}
      contentDensityPreference={{}}
      contentDisplayPreference={{ options: props.columns }}
    />
  );
}
