import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea, { type TextareaProps } from '@cloudscape-design/components/textarea';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { AcceptRisk, FindingDetail, FindingSummary } from '#ports/http-api.ts';
import { useHoldWhile, useOutside } from '../api/api-context.tsx';
import { findingApiPath } from '../api/api-paths.ts';
import { useNotifier } from '../app/notifications.tsx';
import { useTexts } from '../i18n/texts-context.tsx';
import { type AcceptRiskInput, expiryAt, MAX_DAYS, readAcceptRisk } from './accept-risk-input.ts';
import { accountName } from './labels.tsx';

type ModalProps = {
  summary: FindingSummary;
  onClose: () => void;
  /** The problem as it is after the exception was made. */
  onDone: (detail: FindingDetail) => void;
};

const FORM_ID = 'accept-risk-form';

/** Asks for reason, scope and expiry, then makes the exception. */
export function AcceptRiskModal(props: ModalProps) {
  const { t } = useTexts();
  useHoldWhile(true);
  const form = useAcceptRiskForm(props);
  return (
    <Modal
      visible
      header={t('accept.header')}
      onDismiss={props.onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button variant="primary" loading={form.sending} formAction="submit" form={FORM_ID}>
              {t('accept.submit')}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={FORM_ID} onSubmit={form.submit} noValidate>
        <Form>
          <SpaceBetween size="l">
            {form.refusal !== undefined && (
              <Alert type="error" header={t('accept.failed')}>
                {form.refusal}
              </Alert>
            )}
            <Box variant="p">{t('accept.intro', { title: props.summary.title })}</Box>
            <ReasonField form={form} />
            <ScopeField form={form} summary={props.summary} />
            <DaysField form={form} />
          </SpaceBetween>
        </Form>
      </form>
    </Modal>
  );
}

type AcceptRiskForm = ReturnType<typeof useAcceptRiskForm>;

function useAcceptRiskForm({ summary, onClose, onDone }: ModalProps) {
  const { t } = useTexts();
  const { api } = useOutside();
  const notifier = useNotifier();
  const [input, setInput] = useState<AcceptRiskInput>({ reason: '', scope: 'problem', days: '30' });
  const [tried, setTried] = useState(false);
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const reasonRef = useRef<TextareaProps.Ref>(null);
  const daysRef = useRef<InputProps.Ref>(null);
  const read = readAcceptRisk(input);
  // Not by autoFocus: the modal must first see where the focus came from, to give it back.
  useEffect(() => reasonRef.current?.focus(), []);

  const send = async (request: AcceptRisk) => {
    setSending(true);
    setRefusal(undefined);
    try {
      const detail = await api.post<FindingDetail>(findingApiPath(summary.key, 'accept-risk'), request);
      notifier.success(t('accept.done', { title: summary.title }));
      onDone(detail);
      onClose();
    } catch (cause) {
      setRefusal(cause instanceof Error ? cause.message : String(cause));
      setSending(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (read.ok) void send(read.request);
    else if (read.problems.reason !== undefined) reasonRef.current?.focus();
    else daysRef.current?.focus();
  };
  return {
    input,
    setInput,
    read,
    problems: tried && !read.ok ? read.problems : {},
    sending,
    refusal,
    submit,
    reasonRef,
    daysRef,
  };
}

function ReasonField({ form }: { form: AcceptRiskForm }) {
  const { t } = useTexts();
  return (
    <FormField
      label={t('accept.reason')}
      description={t('accept.reason.description')}
      errorText={form.problems.reason === undefined ? undefined : t(`accept.reason.${form.problems.reason}`)}
      stretch
    >
      <Textarea
        ref={form.reasonRef}
        value={form.input.reason}
        rows={3}
        ariaRequired
        placeholder={t('accept.reason.placeholder')}
        onChange={(event) => form.setInput({ ...form.input, reason: event.detail.value })}
      />
    </FormField>
  );
}

function ScopeField({ form, summary }: { form: AcceptRiskForm; summary: FindingSummary }) {
  const { t } = useTexts();
  const resource = summary.resource?.id;
  return (
    <FormField label={t('accept.scope')}>
      <RadioGroup
        value={form.input.scope}
        onChange={(event) => {
          const scope = (['problem', 'resource', 'account-type'] as const).find(
            (found) => found === event.detail.value,
          );
          if (scope !== undefined) form.setInput({ ...form.input, scope });
        }}
        items={[
          { value: 'problem', label: t('accept.scope.problem'), description: t('accept.scope.problem.text') },
          {
            value: 'resource',
            label: t('accept.scope.resource'),
            description: resource === undefined ? t('accept.scope.resource.none') : resource,
            disabled: resource === undefined,
          },
          {
            value: 'account-type',
            label: t('accept.scope.account-type'),
            description: t('accept.scope.account-type.text', {
              type: summary.type,
              account: accountName(summary.account, t),
            }),
          },
        ]}
      />
    </FormField>
  );
}

function DaysField({ form }: { form: AcceptRiskForm }) {
  const { t, time } = useTexts();
  const days = readAcceptRisk({ ...form.input, reason: 'any' });
  // A wrong number is said at once; a form full of errors before the first try is not wanted.
  const problem = days.ok ? undefined : days.problems.days;
  return (
    <FormField
      label={t('accept.days')}
      constraintText={t('accept.days.constraint', { max: MAX_DAYS })}
      description={
        days.ok ? t('accept.days.until', { time: time.minute(expiryAt(Date.now(), days.request.days)) }) : undefined
      }
      errorText={problem === undefined ? undefined : t(`accept.days.${problem}`, { max: MAX_DAYS })}
    >
      <Input
        ref={form.daysRef}
        type="number"
        inputMode="numeric"
        step={1}
        value={form.input.days}
        ariaRequired
        onChange={(event) => form.setInput({ ...form.input, days: event.detail.value })}
      />
    </FormField>
  );
}
