import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { UnknownEvents } from '#ports/http-api.ts';
import type { Resource } from '../../api/use-resource.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { EmptyState, Loaded } from '../../parts/load-states.tsx';
import { RawJson } from '../../parts/raw-json.tsx';
import { Time } from '../../parts/times.tsx';

/** Events no kind claims, or that could not be understood: counted and kept. */
export function UnknownEventsView({ unknown }: { unknown: Resource<UnknownEvents> }) {
  const { t, number } = useTexts();
  return (
    <Loaded resource={unknown}>
      {(data) => (
        <SpaceBetween size="l">
          <Table
            items={data.counts}
            trackBy={(item) => `${item.detailType} ${item.reason}`}
            variant="container"
            wrapLines
            ariaLabels={{ tableLabel: t('unknown.counts') }}
            header={
              <Header variant="h2" description={t('unknown.description')}>
                {t('unknown.counts')}
              </Header>
            }
            columnDefinitions={[
              {
                id: 'detailType',
                header: t('unknown.detail-type'),
                isRowHeader: true,
                minWidth: 220,
                cell: (item) => item.detailType || '–',
              },
              { id: 'reason', header: t('unknown.reason'), minWidth: 220, cell: (item) => item.reason },
              {
                id: 'count',
                header: t('unknown.count'),
                minWidth: 100,
                cell: (item) => <span className="numeric">{number(item.count)}</span>,
              },
            ]}
            empty={<EmptyState title={t('unknown.empty')} text={t('unknown.empty.text')} />}
          />
          {data.newest.length > 0 && <Newest events={data.newest} />}
        </SpaceBetween>
      )}
    </Loaded>
  );
}

function Newest({ events }: { events: UnknownEvents['newest'] }) {
  const { t } = useTexts();
  return (
    <Container header={<Header variant="h2">{t('unknown.newest')}</Header>}>
      <SpaceBetween size="xs">
        {events.map((event) => (
          <ExpandableSection
            key={event.id}
            headerText={event.detailType || t('unknown.no-type')}
            headerDescription={event.reason}
          >
            <SpaceBetween size="xs">
              <Box color="text-body-secondary">
                <Time at={event.at} to="second" />
              </Box>
              <RawJson json={event.raw} label={t('unknown.raw')} />
            </SpaceBetween>
          </ExpandableSection>
        ))}
      </SpaceBetween>
    </Container>
  );
}
