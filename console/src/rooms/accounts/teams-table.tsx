import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useMemo } from 'react';
import type { TeamRow } from '#ports/http-api.ts';
import type { Resource } from '../../api/use-resource.ts';
import { type Speech, useTexts } from '../../i18n/texts-context.tsx';
import { destinationName } from '../../parts/labels.tsx';
import { EmptyState, ReadFailure } from '../../parts/load-states.tsx';
import { OpenCounts } from './open-counts.tsx';
import { compareOpen } from './open-order.ts';

const NO_TEAMS: readonly TeamRow[] = [];

/** The teams with what they own and where they are told. */
export function TeamsTable({ teams }: { teams: Resource<readonly TeamRow[]> }) {
  const speech = useTexts();
  const { t, number } = speech;
  const columns = useMemo(() => teamColumns(speech), [speech]);
  const { items, collectionProps } = useCollection(teams.data ?? NO_TEAMS, { sorting: {} });
  return (
    <SpaceBetween size="m">
      <ReadFailure of={teams} />
      <Table
        {...collectionProps}
        items={items}
        columnDefinitions={columns}
        trackBy="id"
        variant="container"
        wrapLines
        loading={teams.loading}
        loadingText={t('common.loading')}
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: t('accounts.tab.teams') }}
        header={
          <Header variant="h2" counter={`(${number(teams.data?.length ?? 0)})`}>
            {t('accounts.tab.teams')}
          </Header>
        }
        empty={<EmptyState title={t('teams.empty')} text={t('teams.empty.text')} />}
      />
    </SpaceBetween>
  );
}

function teamColumns({ t, number }: Speech): TableProps.ColumnDefinition<TeamRow>[] {
  return [
    {
      id: 'name',
      header: t('field.team'),
      isRowHeader: true,
      minWidth: 160,
      sortingComparator: (a, b) => a.name.localeCompare(b.name),
      cell: (item) => (
        <div>
          <div>{item.name}</div>
          <Box color="text-body-secondary" fontSize="body-s">
            {item.id}
          </Box>
        </div>
      ),
    },
    {
      id: 'accounts',
      header: t('teams.accounts'),
      minWidth: 100,
      sortingField: 'accounts',
      cell: (item) => <span className="numeric">{number(item.accounts)}</span>,
    },
    {
      id: 'open',
      header: t('accounts.open'),
      minWidth: 200,
      sortingComparator: (a, b) => compareOpen(a.open, b.open),
      cell: (item) => <OpenCounts open={item.open} property="team" value={item.id} name={item.name} />,
    },
    { id: 'channels', header: t('teams.channels'), minWidth: 260, cell: (item) => <Channels team={item} /> },
    {
      id: 'language',
      header: t('teams.language'),
      minWidth: 100,
      sortingField: 'language',
      cell: (item) => t(`language.${item.language}`),
    },
  ];
}

function Channels({ team }: { team: TeamRow }) {
  const { t } = useTexts();
  if (team.channels.length === 0) return <Box color="text-status-warning">{t('teams.no-channel')}</Box>;
  return team.channels.map((channel) => {
    const kind = (['guardduty', 'securityhub', 'health', 'account'] as const).find((each) => each === channel.kind);
    const values = {
      kind: kind === undefined ? channel.kind : t(`kind.${kind}`),
      destination: destinationName(channel.destination, t),
    };
    return (
      <div key={channel.kind}>
        {channel.floor === null
          ? t('teams.channel.all', values)
          : t('teams.channel', { ...values, severity: t(`severity.${channel.floor}`) })}
      </div>
    );
  });
}
