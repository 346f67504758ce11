import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { Overview } from '#ports/http-api.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { EmptyState } from '../../parts/load-states.tsx';
import { RoomLink } from '../../parts/room-link.tsx';
import { OpenCounts } from '../accounts/open-counts.tsx';
import { compareOpen } from '../accounts/open-order.ts';

type Row = Overview['byTeam'][number];

/** Open findings by team; what nobody owns comes first. */
export function TeamsCard({ overview }: { overview: Overview }) {
  const { t } = useTexts();
  const rows = overview.byTeam.toSorted(byNeed);
  const name = (row: Row) => (row.team === null ? t('team.none') : (row.teamName ?? row.team));
  return (
    <Table
      items={rows}
      trackBy={(row) => row.team ?? ''}
      variant="container"
      wrapLines
      ariaLabels={{ tableLabel: t('overview.by-team') }}
      header={
        <Header variant="h2" actions={<RoomLink to="/accounts?tab=teams">{t('overview.by-team.all')}</RoomLink>}>
          {t('overview.by-team')}
        </Header>
      }
      columnDefinitions={[
        {
          id: 'team',
          header: t('field.team'),
          isRowHeader: true,
          minWidth: 140,
          cell: (row) =>
            row.team === null ? <StatusIndicator type="warning">{name(row)}</StatusIndicator> : name(row),
        },
        {
          id: 'open',
          header: t('accounts.open'),
          minWidth: 200,
          cell: (row) => <OpenCounts open={row.open} property="team" value={row.team ?? '-'} name={name(row)} />,
        },
      ]}
      empty={<EmptyState title={t('overview.by-team.empty')} text={t('overview.by-team.empty.text')} />}
    />
  );
}

function byNeed(a: Row, b: Row): number {
  if ((a.team === null) !== (b.team === null)) return a.team === null ? -1 : 1;
  return -compareOpen(a.open, b.open);
}
