import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useHoldWhile } from '../api/api-context.tsx';
import { useTexts } from '../i18n/texts-context.tsx';

const FORM_ID = 'assign-form';
const MAX_LENGTH = 100;

/** Asks to whom a problem should be assigned. */
export function AssignModal(props: { onClose: () => void; onAssign: (to: string) => void }) {
  const { t } = useTexts();
  useHoldWhile(true);
  const [to, setTo] = useState('');
  const [tried, setTried] = useState(false);
  const input = useRef<InputProps.Ref>(null);
  // Not by autoFocus: the modal must first see where the focus came from, to give it back.
  useEffect(() => input.current?.focus(), []);
  const name = to.trim();
  const problem =
    name === '' ? t('assign.empty') : name.length > MAX_LENGTH ? t('assign.long', { max: MAX_LENGTH }) : '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem !== '') return;
    props.onAssign(name);
    props.onClose();
  };
  return (
    <Modal
      visible
      size="small"
      header={t('assign.header')}
      onDismiss={props.onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button variant="primary" formAction="submit" form={FORM_ID}>
              {t('assign.submit')}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={FORM_ID} onSubmit={submit} noValidate>
        <FormField
          label={t('assign.to')}
          description={t('assign.to.description')}
          errorText={tried ? problem : undefined}
        >
          <Input ref={input} value={to} ariaRequired onChange={(event) => setTo(event.detail.value)} />
        </FormField>
      </form>
    </Modal>
  );
}
