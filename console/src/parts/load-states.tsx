import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { ReactNode } from 'react';
import { useLiveState } from '../api/api-context.tsx';
import type { Resource } from '../api/use-resource.ts';
import { useTexts } from '../i18n/texts-context.tsx';

/** Says why something could not be read, beside what is still shown of it; nothing when all is well. */
export function ReadFailure(props: { of: Pick<Resource<unknown>, 'error' | 'reload'> }) {
  const { t } = useTexts();
  const state = useLiveState();
  const { error, reload } = props.of;
  // A server that is gone is said once, above the room.
  if (error === undefined || (error.status === 0 && state === 'lost')) return null;
  const content = error.status === 0 ? t('error.offline') : error.message;
  return (
    <Alert
      type={error.kind === 'offline' ? 'warning' : 'error'}
      header={t('error.read')}
      action={<Button onClick={reload}>{t('common.retry')}</Button>}
    >
      {content}
    </Alert>
  );
}

/** Waits for data, or says why there is none. */
export function Loaded<T>(props: { resource: Resource<T>; children: (data: T) => ReactNode }) {
  const { t } = useTexts();
  const state = useLiveState();
  const { resource } = props;
  if (resource.data !== undefined) {
    return (
      <SpaceBetween size="m">
        {resource.error !== undefined && <ReadFailure of={resource} />}
        {props.children(resource.data)}
      </SpaceBetween>
    );
  }
  if (resource.error !== undefined && state !== 'lost') return <ReadFailure of={resource} />;
  return (
    <Box padding="l" textAlign="center" color="text-status-inactive">
      <Spinner /> <Box variant="span">{t('common.loading')}</Box>
    </Box>
  );
}

/** What a list without entries says, and what to do about it. */
export function EmptyState(props: { title: string; text?: string; action?: ReactNode }) {
  return (
    <Box margin={{ vertical: 'xs' }} textAlign="center" color="inherit">
      <SpaceBetween size="xxs">
        <b>{props.title}</b>
        {props.text !== undefined && (
          <Box variant="p" color="inherit">
            {props.text}
          </Box>
        )}
        {props.action}
      </SpaceBetween>
    </Box>
  );
}
