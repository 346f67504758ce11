import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { type ReactNode, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { FilterToken, FindingPage, FindingSummary } from '#ports/http-api.ts';
import { findingsPath } from '../../api/api-paths.ts';
import { keepIdentity } from '../../api/keep-identity.ts';
import { type Resource, useResource } from '../../api/use-resource.ts';
import { InfoLink } from '../../app/help.tsx';
import { type Speech, useTexts } from '../../i18n/texts-context.tsx';
import { EmptyState, ReadFailure } from '../../parts/load-states.tsx';
import { PreferencesButton } from '../../parts/preferences-button.tsx';
import { ProblemActions } from '../../parts/problem-actions.tsx';
import { TablePages } from '../../parts/table-pages.tsx';
import { type TablePreferences, useTablePreferences } from '../../parts/table-preferences.ts';
import { FINDING_COLUMNS, FINDING_PREFERENCES, findingColumns } from './findings-columns.tsx';
import { FindingsFilter } from './findings-filter.tsx';
import { type FindingsView, readFindingsView, SORT_FIELDS, writeFindingsView } from './findings-url.ts';

const NO_FINDINGS: readonly FindingSummary[] = [];

function keepUnchanged(before: FindingPage, fresh: FindingPage): FindingPage {
  return { ...fresh, items: [...keepIdentity(before.items, fresh.items, (item) => item.key)] };
}

/** All findings: filtered, sorted and paged by the server, the view kept in the address. */
export function FindingsRoom() {
  const { t } = useTexts();
  const [view, setView] = useFindingsView();
  const [preferences, savePreferences] = useTablePreferences('findings', FINDING_PREFERENCES);
  const { pageSize } = preferences;
  const findings = useResource<FindingPage>(
    findingsPath({ ...view, offset: (view.page - 1) * pageSize, limit: pageSize }),
    ['findings'],
    keepUnchanged,
  );
  return (
    <SpaceBetween size="m">
      <ReadFailure of={findings} />
      <FindingsTable
        findings={findings}
        view={view}
        onView={setView}
        preferences={preferences}
        gear={
          <PreferencesButton
            preferences={preferences}
            onChange={savePreferences}
            columns={FINDING_COLUMNS.map((id) => ({ id, label: t(`column.${id}`), alwaysVisible: id === 'title' }))}
            unit={(count) => t('findings.count', { count })}
          />
        }
      />
    </SpaceBetween>
  );
}

type TableViewProps = {
  findings: Resource<FindingPage>;
  view: FindingsView;
  onView: (view: FindingsView) => void;
  preferences: TablePreferences;
  gear: ReactNode;
};

function FindingsTable({ findings, view, onView, preferences, gear }: TableViewProps) {
  const speech = useTexts();
  const { t } = speech;
  const items = findings.data?.items ?? NO_FINDINGS;
  const total = findings.data?.total ?? 0;
  const [selected, setSelected] = useSelection(items);
  const columns = useMemo(() => findingColumns(speech), [speech]);
  const sorting = columns.find((column) => column.sortingField === view.sort);
  const { contentDisplay, wrapLines, stripedRows, contentDensity, pageSize } = preferences;
  const filter = (tokens: FilterToken[]) => onView({ ...view, filter: tokens, page: 1 });
  return (
    <Table
      variant="full-page"
      stickyHeader
      enableKeyboardNavigation
      trackBy="key"
      items={items}
      columnDefinitions={columns}
      columnDisplay={contentDisplay}
      wrapLines={wrapLines}
      stripedRows={stripedRows}
      contentDensity={contentDensity}
      loading={findings.loading}
      loadingText={t('findings.loading')}
      selectionType="multi"
      selectedItems={selected}
      onSelectionChange={({ detail }) => setSelected(detail.selectedItems)}
      {...(sorting === undefined ? {} : { sortingColumn: sorting })}
      sortingDescending={view.order === 'desc'}
      onSortingChange={({ detail }) => onView(sortedBy(view, detail))}
      totalItemsCount={total}
      firstIndex={(view.page - 1) * pageSize + 1}
      renderAriaLive={({ firstIndex, lastIndex }) => t('table.range', { first: firstIndex, last: lastIndex, total })}
      ariaLabels={tableLabels(speech)}
      header={<TableHeader selected={selected} total={findings.data?.total} onChanged={findings.reload} />}
      filter={
        <FindingsFilter
          filter={view.filter}
          total={findings.data?.total}
          loading={findings.loading}
          onChange={filter}
        />
      }
      pagination={
        <TablePages page={view.page} pageSize={pageSize} total={total} onPage={(page) => onView({ ...view, page })} />
      }
      preferences={gear}
      empty={<Empty findings={findings} view={view} onClear={() => filter([])} />}
    />
  );
}

function TableHeader(props: { selected: readonly FindingSummary[]; total: number | undefined; onChanged: () => void }) {
  const { t, number } = useTexts();
  const { selected } = props;
  const total = props.total === undefined ? '' : number(props.total);
  const counter = selected.length > 0 ? `(${number(selected.length)}/${total})` : `(${total})`;
  return (
    <Header
      variant="awsui-h1-sticky"
      counter={total === '' ? undefined : counter}
      info={<InfoLink />}
      description={t('findings.description')}
      actions={<ProblemActions problems={selected} onChanged={props.onChanged} />}
    >
      {t('room.findings')}
    </Header>
  );
}

function tableLabels({ t }: Speech): TableProps.AriaLabels<FindingSummary> {
  return {
    tableLabel: t('room.findings'),
    selectionGroupLabel: t('findings.selection'),
    allItemsSelectionLabel: () => t('table.select.all'),
    itemSelectionLabel: (_, item) => t('table.select.one', { name: item.title }),
  };
}

function useFindingsView() {
  const [search, setSearch] = useSearchParams();
  const view = useMemo(() => readFindingsView(search), [search]);
  return [view, (next: FindingsView) => setSearch(writeFindingsView(next))] as const;
}

/** The chosen rows, as they are now; a row that left the page is chosen no more. */
function useSelection(items: readonly FindingSummary[]) {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const selected = useMemo(() => items.filter((item) => keys.has(item.key)), [items, keys]);
  return [selected, (next: readonly FindingSummary[]) => setKeys(new Set(next.map((item) => item.key)))] as const;
}

function sortedBy(view: FindingsView, by: TableProps.SortingState<FindingSummary>): FindingsView {
  const sort = SORT_FIELDS.find((each) => each === by.sortingColumn.sortingField) ?? view.sort;
  return { ...view, sort, order: by.isDescending === true ? 'desc' : 'asc', page: 1 };
}

function Empty(props: { findings: Resource<FindingPage>; view: FindingsView; onClear: () => void }) {
  const { t } = useTexts();
  if (props.findings.data === undefined) return <EmptyState title={t('error.read')} />;
  if (props.view.filter.length === 0) return <EmptyState title={t('findings.empty')} text={t('findings.empty.text')} />;
  return (
    <EmptyState
      title={t('findings.no-match')}
      text={t('findings.no-match.text')}
      action={<Button onClick={props.onClear}>{t('findings.clear')}</Button>}
    />
  );
}
