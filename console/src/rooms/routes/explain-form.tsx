import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea, { type TextareaProps } from '@cloudscape-design/components/textarea';
import { type FormEvent, useRef, useState } from 'react';
import type { ExplainResult } from '#ports/http-api.ts';
import { useHoldWhile, useOutside } from '../../api/api-context.tsx';
import { EXPLAIN_PATH } from '../../api/api-paths.ts';
import { LANGUAGES, type Language, languageNamed } from '../../i18n/catalog.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { RouteEntries } from '../../parts/route-entries.tsx';
import { eventTextProblem } from './event-text.ts';
import { FindingPicker } from './finding-picker.tsx';

/** Paste an event or choose a finding: who would get what, and why. Nothing is stored or sent. */
export function ExplainForm() {
  const { t } = useTexts();
  const form = useExplain();
  return (
    <SpaceBetween size="l">
      <form onSubmit={form.submit} noValidate>
        <Form>
          <Container
            header={
              <Header variant="h2" description={t('routes.try.description')}>
                {t('routes.try')}
              </Header>
            }
            footer={
              <Button variant="primary" formAction="submit" loading={form.sending}>
                {t('routes.try.submit')}
              </Button>
            }
          >
            <SpaceBetween size="l">
              <FindingPicker onRaw={form.setText} />
              <FormField
                label={t('routes.event-json')}
                description={t('routes.event-json.description')}
                errorText={form.problem === undefined ? undefined : t(`routes.event-json.${form.problem}`)}
                stretch
              >
                <Textarea
                  ref={form.textRef}
                  value={form.text}
                  rows={8}
                  spellcheck={false}
                  placeholder={t('routes.event-json.placeholder')}
                  onChange={(event) => form.setText(event.detail.value)}
                />
              </FormField>
              <FormField label={t('routes.language')}>
                <RadioGroup
                  value={form.language}
                  direction="horizontal"
                  items={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
                  onChange={(event) => form.setLanguage(languageNamed(event.detail.value) ?? form.language)}
                />
              </FormField>
            </SpaceBetween>
          </Container>
        </Form>
      </form>
      <ExplainAnswer failure={form.failure} result={form.result} />
    </SpaceBetween>
  );
}

function useExplain() {
  const { api } = useOutside();
  const speech = useTexts();
  const [text, setText] = useState('');
  const [language, setLanguage] = useState<Language>(speech.language);
  const [tried, setTried] = useState(false);
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [result, setResult] = useState<ExplainResult>();
  const textRef = useRef<TextareaProps.Ref>(null);
  const problem = eventTextProblem(text);
  useHoldWhile(text !== '' && result === undefined);

  const explain = async () => {
    setSending(true);
    setFailure(undefined);
    try {
      setResult(await api.post<ExplainResult>(EXPLAIN_PATH, { events: text, language }));
    } catch (cause) {
      setResult(undefined);
      setFailure(cause instanceof Error ? cause.message : String(cause));
    }
    setSending(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem === undefined) void explain();
    else textRef.current?.focus();
  };
  const shownProblem = tried ? problem : undefined;
  return { text, setText, language, setLanguage, sending, failure, result, submit, problem: shownProblem, textRef };
}

function ExplainAnswer(props: { failure: string | undefined; result: ExplainResult | undefined }) {
  const { t } = useTexts();
  const { failure, result } = props;
  if (failure !== undefined) {
    return (
      <Alert type="error" header={t('routes.try.failed')}>
        {failure}
      </Alert>
    );
  }
  if (result === undefined) return null;
  return (
    <Container
      header={
        <Header variant="h2" description={t('routes.answer.description')}>
          {t('routes.answer')}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {result.errors.length > 0 && (
          <Alert type="warning" header={t('routes.errors', { count: result.errors.length })}>
            <ul>
              {result.errors.map((error) => (
                <li key={error}>{error}</li>
              ))}
            </ul>
          </Alert>
        )}
        <RouteEntries entries={result.entries} label={t('routes.answer')} show="event" />
      </SpaceBetween>
    </Container>
  );
}
