import { useCollection } from '@cloudscape-design/collection-hooks';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMemo } from 'react';
import type { AccountRow } from '#ports/http-api.ts';
import type { Resource } from '../../api/use-resource.ts';
import { type Speech, useTexts } from '../../i18n/texts-context.tsx';
import { AccountLabel } from '../../parts/labels.tsx';
import { EmptyState, ReadFailure } from '../../parts/load-states.tsx';
import { RoomLink } from '../../parts/room-link.tsx';
import { Time } from '../../parts/times.tsx';
import { findingsRoomPath } from '../findings/findings-url.ts';
import { OpenCounts } from './open-counts.tsx';
import { compareOpen } from './open-order.ts';

const PAGE_SIZE = 50;
const NO_ACCOUNTS: readonly AccountRow[] = [];

/** The accounts; those without an owner first, and loudly. */
export function AccountsTable({ accounts }: { accounts: Resource<readonly AccountRow[]> }) {
  const speech = useTexts();
  const { t, number } = speech;
  const columns = useMemo(() => accountColumns(speech), [speech]);
  const { items, actions, filteredItemsCount, collectionProps, filterProps, paginationProps } = useCollection(
    accounts.data ?? NO_ACCOUNTS,
    {
      filtering: {
        empty: <EmptyState title={t('accounts.empty')} text={t('accounts.empty.text')} />,
        noMatch: (
          <EmptyState
            title={t('accounts.no-match')}
            action={<ClearFilter onClick={() => actions.setFiltering('')} />}
          />
        ),
        filteringFunction: (item, text) => matches(item, text.toLowerCase()),
      },
      sorting: {},
      pagination: { pageSize: PAGE_SIZE },
    },
  );
  const unowned = (accounts.data ?? NO_ACCOUNTS).filter((account) => account.known && account.team === null).length;
  const strangers = (accounts.data ?? NO_ACCOUNTS).filter((account) => !account.known).length;
  return (
    <SpaceBetween size="m">
      <ReadFailure of={accounts} />
      {unowned > 0 && (
        <Alert type="warning" header={t('accounts.unowned', { count: unowned })}>
          {t('accounts.unowned.text')} {strangers > 0 && t('accounts.strangers', { count: strangers })}
        </Alert>
      )}
      <Table
        {...collectionProps}
        items={items}
        columnDefinitions={columns}
        trackBy="id"
        variant="container"
        wrapLines
        loading={accounts.loading}
        loadingText={t('common.loading')}
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: t('accounts.tab.accounts') }}
        header={
          <Header variant="h2" counter={`(${number(accounts.data?.length ?? 0)})`}>
            {t('accounts.tab.accounts')}
          </Header>
        }
        filter={
          <TextFilter
            {...filterProps}
            filteringPlaceholder={t('accounts.filter')}
            filteringAriaLabel={t('accounts.filter')}
            countText={t('accounts.matches', { count: filteredItemsCount ?? 0 })}
          />
        }
        pagination={<Pagination {...paginationProps} ariaLabels={{ paginationLabel: t('table.pages') }} />}
      />
    </SpaceBetween>
  );
}

function ClearFilter(props: { onClick: () => void }) {
  const { t } = useTexts();
  return <Button onClick={props.onClick}>{t('findings.clear')}</Button>;
}

function matches(item: AccountRow, text: string): boolean {
  return [item.id, item.name, item.ou, item.environment, item.team?.name ?? '', item.team?.id ?? ''].some((field) =>
    field.toLowerCase().includes(text),
  );
}

function accountColumns({ t }: Speech): TableProps.ColumnDefinition<AccountRow>[] {
  const name = (item: AccountRow) => (item.known ? item.name : item.id);
  return [
    {
      id: 'name',
      header: t('field.account'),
      isRowHeader: true,
      minWidth: 180,
      sortingComparator: (a, b) => name(a).localeCompare(name(b)),
      cell: (item) => <AccountCell account={item} />,
    },
    {
      id: 'team',
      header: t('field.team'),
      minWidth: 160,
      sortingComparator: byTeam,
      cell: (item) => <Owner account={item} />,
    },
    {
      id: 'open',
      header: t('accounts.open'),
      minWidth: 200,
      sortingComparator: (a, b) => compareOpen(a.open, b.open),
      cell: (item) => <OpenCounts open={item.open} property="account" value={item.id} name={name(item)} />,
    },
    {
      id: 'environment',
      header: t('field.environment'),
      minWidth: 110,
      sortingField: 'environment',
      cell: (item) => item.environment || '–',
    },
    { id: 'ou', header: t('field.ou'), minWidth: 160, sortingField: 'ou', cell: (item) => item.ou || '–' },
    {
      id: 'lastSeenAt',
      header: t('accounts.last-event'),
      minWidth: 180,
      sortingComparator: (a, b) => (a.lastSeenAt ?? 0) - (b.lastSeenAt ?? 0),
      cell: (item) => <Time at={item.lastSeenAt} />,
    },
  ];
}

function byTeam(a: AccountRow, b: AccountRow): number {
  if (a.team === null || b.team === null) return Number(a.team !== null) - Number(b.team !== null);
  return a.team.name.localeCompare(b.team.name);
}

function AccountCell({ account }: { account: AccountRow }) {
  const { t } = useTexts();
  const { id, name } = account;
  if (account.known) return <AccountLabel account={{ id, name }} />;
  return (
    <div>
      <AccountLabel account={{ id, name: null }} />
      <Box color="text-body-secondary" fontSize="body-s">
        <span className="phrase">{t('accounts.unknown')}</span>
      </Box>
    </div>
  );
}

function Owner({ account }: { account: AccountRow }) {
  const { t } = useTexts();
  if (account.team === null) return <StatusIndicator type="warning">{t('team.none')}</StatusIndicator>;
  return (
    <div>
      <span className="phrase">
        <RoomLink to={findingsRoomPath([{ property: 'team', operator: '=', value: account.team.id }])}>
          {account.team.name}
        </RoomLink>
      </span>
      <Box color="text-body-secondary" fontSize="body-s">
        {t(`owner-from.${account.ownerFrom}`)}
      </Box>
    </div>
  );
}
