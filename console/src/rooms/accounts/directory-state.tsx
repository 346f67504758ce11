import Alert from '@cloudscape-design/components/alert';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { DirectoryStatus } from '#ports/http-api.ts';
import type { Resource } from '../../api/use-resource.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { ReadFailure } from '../../parts/load-states.tsx';

/** Where the accounts come from and how fresh that is. */
export function DirectoryState({ directory }: { directory: Resource<DirectoryStatus> }) {
  const { t, time } = useTexts();
  const status = directory.data;
  if (status === undefined) return <ReadFailure of={directory} />;
  const source = t(`directory.${status.source}`);
  if (status.error !== null || status.stale) {
    const read =
      status.readAt === null ? t('directory.never') : t('directory.last', { time: time.minute(status.readAt) });
    return (
      <Alert type="warning" header={t('directory.stale', { source })}>
        {read} {status.error}
      </Alert>
    );
  }
  const text =
    status.readAt === null
      ? t('directory.fresh.config', { source, count: status.accounts })
      : t('directory.fresh', { source, count: status.accounts, time: time.minute(status.readAt) });
  return <StatusIndicator type="success">{text}</StatusIndicator>;
}
