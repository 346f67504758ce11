import ContentLayout from '@cloudscape-design/components/content-layout';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { LakeSources, QuarantinePage } from '#ports/http-api.ts';
import { useResource } from '../../api/use-resource.ts';
import { InfoLink } from '../../app/help.tsx';
import { type Speech, useTexts } from '../../i18n/texts-context.tsx';
import { EmptyState, Loaded, ReadFailure } from '../../parts/load-states.tsx';
import { RawJson } from '../../parts/raw-json.tsx';
import { Time } from '../../parts/times.tsx';

type Row = LakeSources['sources'][number];
const MB = 1_000_000;
const MINUTE_MS = 60_000;
const UNITS = [
  ['day', 24 * 60 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
] as const;

/** What each log source brought, whether it still sends, and what could not be read. */
export function SourcesRoom() {
  const speech = useTexts();
  const { t } = speech;
  const sources = useResource<LakeSources>('/lake/sources', []);
  return (
    <ContentLayout
      header={
        <Header variant="h1" info={<InfoLink />} description={t('sources.description')}>
          {t('room.sources')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <ReadFailure of={sources} />
        <Table
          items={sources.data?.sources ?? []}
          trackBy="source"
          loading={sources.loading}
          loadingText={t('common.loading')}
          wrapLines
          enableKeyboardNavigation
          ariaLabels={{ tableLabel: t('room.sources') }}
          empty={<EmptyState title={t('search.empty')} text={t('search.empty.text')} />}
          columnDefinitions={sourceColumns(speech)}
        />
        <Quarantine />
      </SpaceBetween>
    </ContentLayout>
  );
}

function sourceColumns({ t, number, language }: Speech): TableProps.ColumnDefinition<Row>[] {
  const count = (value: number) => <span className="numeric">{number(value)}</span>;
  return [
    { id: 'source', header: t('sources.source'), minWidth: 240, isRowHeader: true, cell: ({ title }) => title },
    {
      id: 'state',
      header: t('sources.state'),
      minWidth: 140,
      cell: ({ isSilent }) => (
        <StatusIndicator type={isSilent ? 'warning' : 'success'}>
          {isSilent ? t('sources.silent') : t('sources.sending')}
        </StatusIndicator>
      ),
    },
    { id: 'newest', header: t('sources.newest'), minWidth: 170, cell: (row) => <Time at={row.newestEvent ?? null} /> },
    {
      id: 'lag',
      header: t('sources.lag'),
      minWidth: 130,
      cell: ({ lagMs }) => (lagMs === null ? '–' : agoIn(language, lagMs)),
    },
    { id: 'written', header: t('sources.events'), minWidth: 100, cell: (row) => count(row.written) },
    { id: 'quarantined', header: t('sources.quarantined'), minWidth: 110, cell: (row) => count(row.quarantined) },
    { id: 'objects', header: t('sources.objects'), minWidth: 95, cell: (row) => count(row.objects) },
    { id: 'size', header: t('sources.size'), minWidth: 95, cell: (row) => count(Math.round(row.rawBytes / MB)) },
  ];
}

/** `3 hours ago`: how far behind a source is, in the largest unit that it fills. */
function agoIn(language: string, ms: number): string {
  const [unit, unitMs] = UNITS.find(([, least]) => ms >= least) ?? ['minute', MINUTE_MS];
  return new Intl.RelativeTimeFormat(language).format(-Math.floor(ms / unitMs), unit);
}

function Quarantine() {
  const { t } = useTexts();
  const quarantine = useResource<QuarantinePage>('/lake/quarantine', []);
  return (
    <SpaceBetween size="s">
      <Header variant="h2">{t('sources.quarantine')}</Header>
      <Loaded resource={quarantine}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('sources.quarantine.none')} />
          ) : (
            <SpaceBetween size="s">
              {items.map((item) => (
                <ExpandableSection
                  key={item.id}
                  headerText={`${item.source}: ${item.reason}`}
                  headerDescription={t('sources.record', { record: item.record, object: item.object })}
                >
                  <SpaceBetween size="s">
                    <span className="break-anywhere">{item.detail}</span>
                    <RawJson json={item.text} label={t('sources.quarantine')} />
                    <ExpandableSection headerText={t('sources.hex')}>
                      <code className="break-anywhere">{item.hex}</code>
                    </ExpandableSection>
                  </SpaceBetween>
                </ExpandableSection>
              ))}
            </SpaceBetween>
          )
        }
      </Loaded>
    </SpaceBetween>
  );
}
