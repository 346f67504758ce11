import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { DeliverySummary } from '#ports/http-api.ts';
import { OUTBOX_STATES } from '../../api/api-types.ts';
import type { Resource } from '../../api/use-resource.ts';
import { type Speech, useTexts } from '../../i18n/texts-context.tsx';
import { destinationName } from '../../parts/labels.tsx';
import { EmptyState, ReadFailure } from '../../parts/load-states.tsx';
import { RoomLink } from '../../parts/room-link.tsx';

type Row = DeliverySummary['destinations'][number];

/** The outbox counted by destination; those with parked deliveries first. */
export function DestinationsTable({ summary }: { summary: Resource<DeliverySummary> }) {
  const speech = useTexts();
  const { t, number } = speech;
  const rows = (summary.data?.destinations ?? []).toSorted((a, b) => (b.counts.parked ?? 0) - (a.counts.parked ?? 0));
  return (
    <SpaceBetween size="m">
      <ReadFailure of={summary} />
      <Table
        items={rows}
        trackBy="destinationKey"
        variant="container"
        wrapLines
        loading={summary.loading}
        loadingText={t('common.loading')}
        ariaLabels={{ tableLabel: t('delivery.tab.destinations') }}
        header={
          <Header variant="h2" counter={`(${number(rows.length)})`}>
            {t('delivery.tab.destinations')}
          </Header>
        }
        columnDefinitions={destinationColumns(speech)}
        empty={<EmptyState title={t('delivery.empty')} text={t('delivery.empty.text')} />}
      />
    </SpaceBetween>
  );
}

function destinationColumns({ t, number }: Speech): TableProps.ColumnDefinition<Row>[] {
  return [
    {
      id: 'destination',
      header: t('field.destination'),
      isRowHeader: true,
      minWidth: 180,
      cell: (row) => (
        <RoomLink to={`/delivery?${new URLSearchParams({ destination: row.destinationKey })}`}>
          {destinationName(row.destination, t)}
        </RoomLink>
      ),
    },
    ...OUTBOX_STATES.map((state) => ({
      id: state,
      header: t(`outbox.${state}`),
      minWidth: 90,
      cell: (row: Row) => <span className="numeric">{number(row.counts[state] ?? 0)}</span>,
    })),
  ];
}
