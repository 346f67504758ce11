import FormField from '@cloudscape-design/components/form-field';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import { useEffect, useState } from 'react';
import type { FindingDetail, FindingPage } from '#ports/http-api.ts';
import { useOutside } from '../../api/api-context.tsx';
import { findingApiPath, findingsPath } from '../../api/api-paths.ts';
import { useResource } from '../../api/use-resource.ts';
import { prettyJson } from '../../format/pretty-json.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { accountName } from '../../parts/labels.tsx';

const LIMIT = 50;
const TYPING_MS = 250;

/** Puts the latest event of a known finding into the form. */
export function FindingPicker(props: { onRaw: (json: string) => void }) {
  const { t } = useTexts();
  const { api } = useOutside();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<SelectProps.Option | null>(null);
  const [problem, setProblem] = useState<string>();
  const search = useSettled(text);
  const filter = search === '' ? [] : [{ property: 'text', operator: ':', value: search } as const];
  const findings = useResource<FindingPage>(
    findingsPath({ filter, sort: 'lastSeenAt', order: 'desc', offset: 0, limit: LIMIT }),
    [],
  );
  const options = (findings.data?.items ?? []).map((item) => ({
    value: item.key,
    label: item.title === '' ? item.key : item.title,
    description: accountName(item.account, t),
    labelTag: t(`severity.${item.severity}`),
  }));
  const choose = async (option: SelectProps.Option) => {
    setChosen(option);
    setProblem(undefined);
    try {
      const detail = await api.get<FindingDetail>(findingApiPath(option.value ?? ''));
      if (detail.raw === null) setProblem(t('routes.pick.no-raw'));
      else props.onRaw(prettyJson(detail.raw).whole);
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <FormField label={t('routes.pick')} description={t('routes.pick.description')} errorText={problem} stretch>
      <Select
        selectedOption={chosen}
        options={options}
        filteringType="manual"
        filteringPlaceholder={t('routes.pick.filter')}
        filteringAriaLabel={t('routes.pick.filter')}
        placeholder={t('routes.pick.placeholder')}
        statusType={findings.loading ? 'loading' : findings.error === undefined ? 'finished' : 'error'}
        loadingText={t('common.loading')}
        errorText={t('error.read')}
        recoveryText={t('common.retry')}
        empty={t('findings.no-match')}
        onLoadItems={({ detail }) => {
          setText(detail.filteringText);
          if (detail.samePage) findings.reload();
        }}
        onChange={({ detail }) => void choose(detail.selectedOption)}
      />
    </FormField>
  );
}

/** The value once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
