import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { useMemo } from 'react';
import type { FilterProperty, FilterToken } from '#ports/http-api.ts';
import { PROBLEM_KINDS, PROBLEM_STATUSES, SEVERITIES_WORST_FIRST } from '../../api/api-types.ts';
import { type Speech, useTexts } from '../../i18n/texts-context.tsx';
import { filterOf, queryOf } from './filter-query.ts';
import { FILTER_PROPERTIES } from './findings-url.ts';
import { useFacets } from './use-facets.ts';

/** Properties whose values are fixed and have names of their own. */
const CLOSED = {
  status: PROBLEM_STATUSES.map((value) => ({ value, text: `status.${value}` as const })),
  kind: PROBLEM_KINDS.map((value) => ({ value, text: `kind.${value}` as const })),
  severity: SEVERITIES_WORST_FIRST.map((value) => ({ value, text: `severity.${value}` as const })),
} as const;
const NULLABLE: readonly FilterProperty[] = ['team', 'assignee'];
/** The API's word for "no team", "no assignee". */
const NONE = '-';

type Option = PropertyFilterProps.FilteringOption & { label: string };

/** The filter above the findings. */
export function FindingsFilter(props: {
  filter: readonly FilterToken[];
  total: number | undefined;
  loading: boolean;
  onChange: (filter: FilterToken[]) => void;
}) {
  const speech = useTexts();
  const { t } = speech;
  const open = FILTER_PROPERTIES.filter((property) => property !== 'assignee' && !(property in CLOSED));
  const used = open.filter((property) => props.filter.some((token) => token.property === property));
  const facets = useFacets(used);
  const options = useMemo(() => optionsOf(speech, facets.known), [speech, facets.known]);
  const properties = useMemo(() => propertiesOf(speech, options), [speech, options]);
  const query = useMemo(() => queryOf(props.filter), [props.filter]);
  return (
    <PropertyFilter
      query={query}
      onChange={({ detail }) => props.onChange(filterOf(detail))}
      filteringProperties={properties}
      filteringOptions={options}
      filteringStatusType={facets.status}
      filteringLoadingText={t('common.loading')}
      filteringErrorText={t('error.read')}
      filteringRecoveryText={t('common.retry')}
      filteringEmpty={t('findings.filter.empty')}
      onLoadItems={({ detail }) => {
        const property = open.find((each) => each === detail.filteringProperty?.key);
        if (property !== undefined) void facets.load(property);
      }}
      freeTextFiltering={{ operators: [':', '!:'], defaultOperator: ':' }}
      filteringPlaceholder={t('findings.filter.placeholder')}
      filteringAriaLabel={t('findings.filter.label')}
      countText={props.total === undefined ? '' : t('findings.matches', { count: props.total })}
      loading={props.loading}
      hideOperations
      tokenLimit={6}
      expandToViewport
    />
  );
}

function optionsOf({ t }: Speech, known: ReturnType<typeof useFacets>['known']): Option[] {
  const closed = Object.entries(CLOSED).flatMap(([propertyKey, values]) =>
    values.map(({ value, text }) => ({ propertyKey, value, label: t(text) })),
  );
  const none = NULLABLE.map((propertyKey) => ({
    propertyKey,
    value: NONE,
    label: t(`findings.filter.none.${propertyKey === 'team' ? 'team' : 'assignee'}`),
  }));
  const read = Object.entries(known).flatMap(([propertyKey, values]) =>
    (values ?? [])
      .filter(({ value }) => value !== NONE)
      .map(({ value, label, count }) => ({
        propertyKey,
        value,
        label: label === '' ? value : label,
        tags: [t('findings.filter.count', { count })],
      })),
  );
  return [...closed, ...none, ...read];
}

function propertiesOf({ t }: Speech, options: readonly Option[]): PropertyFilterProps.FilteringProperty[] {
  return FILTER_PROPERTIES.map((key) => {
    const labels = new Map(
      options.filter((option) => option.propertyKey === key).map(({ value, label }) => [value, label]),
    );
    const format = (value: unknown) =>
      (Array.isArray(value) ? value : [value]).map((each) => labels.get(String(each)) ?? String(each)).join(', ');
    return {
      key,
      propertyLabel: t(`property.${key}`),
      groupValuesLabel: t('findings.filter.values', { property: t(`property.${key}`) }),
      operators: (['=', '!='] as const).map((operator) => ({ operator, tokenType: 'enum' as const, format })),
    };
  });
}
