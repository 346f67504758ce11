import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useSearchParams } from 'react-router';
import type { DeliverySummary, UnknownEvents } from '#ports/http-api.ts';
import { DELIVERY_SUMMARY_PATH, UNKNOWN_EVENTS_PATH } from '../../api/api-paths.ts';
import { OUTBOX_STATES } from '../../api/api-types.ts';
import { useResource } from '../../api/use-resource.ts';
import { InfoLink } from '../../app/help.tsx';
import { useTexts } from '../../i18n/texts-context.tsx';
import { OutboxStatus } from '../../parts/labels.tsx';
import { Loaded } from '../../parts/load-states.tsx';
import { NumberRow } from '../../parts/number-row.tsx';
import { DestinationsTable } from './destinations-table.tsx';
import { OutboxTables } from './outbox-tables.tsx';
import { UnknownEventsView } from './unknown-events.tsx';

const TABS = ['outbox', 'destinations', 'unknown'] as const;

/** Whether everything that was decided has reached the people it was for. */
export function DeliveryRoom() {
  const { t } = useTexts();
  const summary = useResource<DeliverySummary>(DELIVERY_SUMMARY_PATH, ['deliveries']);
  const unknown = useResource<UnknownEvents>(UNKNOWN_EVENTS_PATH, ['findings']);
  const [search, setSearch] = useSearchParams();
  const active = TABS.find((id) => id === search.get('tab')) ?? 'outbox';
  const unknownCount = unknown.data?.counts.reduce((sum, each) => sum + each.count, 0) ?? 0;
  const content = {
    outbox: <OutboxTables summary={summary.data} onSent={summary.reload} />,
    destinations: <DestinationsTable summary={summary} />,
    unknown: <UnknownEventsView unknown={unknown} />,
  };
  return (
    <ContentLayout
      header={
        <Header variant="h1" info={<InfoLink />} description={t('delivery.description')}>
          {t('room.delivery')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">{t('delivery.totals')}</Header>}>
          <Loaded resource={summary}>{(data) => <Totals summary={data} />}</Loaded>
        </Container>
        <Tabs
          ariaLabel={t('room.delivery')}
          activeTabId={active}
          onChange={({ detail }) =>
            setSearch(detail.activeTabId === 'outbox' ? {} : { tab: detail.activeTabId }, { replace: true })
          }
          tabs={TABS.map((id) => ({
            id,
            label: id === 'unknown' ? t('delivery.tab.unknown', { count: unknownCount }) : t(`delivery.tab.${id}`),
            content: id === active && content[id],
          }))}
        />
      </SpaceBetween>
    </ContentLayout>
  );
}

function Totals({ summary }: { summary: DeliverySummary }) {
  const { t } = useTexts();
  return (
    <NumberRow
      numbers={OUTBOX_STATES.map((state) => ({
        id: state,
        // What is not there needs no alarming colour.
        name: summary.totals[state] === 0 ? t(`outbox.${state}`) : <OutboxStatus state={state} />,
        count: summary.totals[state],
        to: `/delivery?state=${state}`,
        label: t('delivery.totals.label', { state: t(`outbox.${state}`), count: summary.totals[state] }),
      }))}
    />
  );
}
