import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useHoldWhile, useOutside } from '../../api/api-context.tsx';
import type { Exception } from '../../api/api-types.ts';
import { useNotifier } from '../../app/notifications.tsx';
import { useTexts } from '../../i18n/texts-context.tsx';

/** Says that a risk was accepted, by whom, why and until when; offers to end it. */
export function ExceptionNotice({ exception, onEnded }: { exception: Exception; onEnded: () => void }) {
  const { t, time } = useTexts();
  const [asking, setAsking] = useState(false);
  if (exception.removedAt !== null) return null;
  return (
    <>
      <Alert
        type="info"
        header={t('exception.header', { time: time.minute(exception.expiresAt) })}
        action={<Button onClick={() => setAsking(true)}>{t('exception.end')}</Button>}
      >
        <div>{exception.reason}</div>
        <Box color="inherit" fontSize="body-s">
          {t('exception.meta', {
            owner: exception.owner,
            by: exception.createdBy,
            time: time.minute(exception.createdAt),
            count: exception.silenced,
          })}
        </Box>
      </Alert>
      {asking && <EndExceptionModal exception={exception} onClose={() => setAsking(false)} onEnded={onEnded} />}
    </>
  );
}

function EndExceptionModal(props: { exception: Exception; onClose: () => void; onEnded: () => void }) {
  const { t } = useTexts();
  const { api } = useOutside();
  const notifier = useNotifier();
  const [sending, setSending] = useState(false);
  useHoldWhile(true);
  const end = async () => {
    setSending(true);
    try {
      await api.remove(`/exceptions/${encodeURIComponent(props.exception.id)}`);
      notifier.success(t('exception.ended'));
      props.onEnded();
    } catch (cause) {
      notifier.failure(t('exception.end.failed'), cause);
    }
    props.onClose();
  };
  return (
    <Modal
      visible
      header={t('exception.end')}
      onDismiss={props.onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button variant="primary" loading={sending} onClick={() => void end()}>
              {t('exception.end')}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      {t('exception.end.text')}
    </Modal>
  );
}
