import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import { prettyJson } from '../format/pretty-json.ts';
import { useTexts } from '../i18n/texts-context.tsx';

/** JSON as it came, indented, to read and to copy. */
export function RawJson(props: { json: string; label: string }) {
  const { t } = useTexts();
  const pretty = useMemo(() => prettyJson(props.json), [props.json]);
  return (
    <SpaceBetween size="s">
      <CopyToClipboard
        copyButtonText={t('common.copy')}
        copyErrorText={t('common.copy.failed')}
        copySuccessText={t('common.copy.done')}
        textToCopy={pretty.whole}
      />
      {pretty.omitted > 0 && <Box color="text-status-warning">{t('json.truncated', { count: pretty.omitted })}</Box>}
      {/* It scrolls, so the keyboard must be able to reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section className="raw-json" tabIndex={0} aria-label={props.label}>
        <pre>{pretty.shown}</pre>
      </section>
    </SpaceBetween>
  );
}
