import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Modal from '@cloudscape-design/components/modal';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import Tabs from '@cloudscape-design/components/tabs';
import { useState } from 'react';
import type { AccountRow, LakeEvents, OriginalRecord } from '#ports/http-api.ts';
import { ACCOUNTS_PATH, query } from '../../api/api-paths.ts';
import { type Resource, useResource } from '../../api/use-resource.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { AccountLabel } from '../../parts/labels.tsx';
import { EmptyState, Loaded } from '../../parts/load-states.tsx';
import { RawJson } from '../../parts/raw-json.tsx';
import { Time } from '../../parts/times.tsx';
import { timeIn, valueIn } from './event-value.ts';

type Hit = LakeEvents['hits'][number];
const NO_HITS: readonly Hit[] = [];
const PAGE = 50;
const COLUMNS = [
  ['class_name', 145, ['class_name']],
  ['operation', 160, ['api.operation', 'activity_name']],
  ['actor', 150, ['actor.user.name', 'user.name', 'actor.user.uid']],
  ['ip', 140, ['src_endpoint.ip', 'src_endpoint.svc_name']],
  ['status', 100, ['status']],
] as const;

/** The events found; one can be opened. */
export function EventsTable(props: { events: Resource<LakeEvents>; onAround: (at: number) => void }) {
  const { t, number } = useTexts();
  const [page, setPage] = useState(1);
  const [open, setOpen] = useState<Hit>();
  const columns = useColumns(setOpen);
  const hits = props.events.data?.hits ?? NO_HITS;
  const pages = Math.max(1, Math.ceil(hits.length / PAGE));
  const current = Math.min(page, pages);
  return (
    <SpaceBetween size="s">
      {props.events.data?.isCut === true && <Alert type="info">{t('search.cut', { count: hits.length })}</Alert>}
      <Table
        items={hits.slice((current - 1) * PAGE, current * PAGE)}
        loading={props.events.loading}
        loadingText={t('common.loading')}
        wrapLines
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: t('search.events') }}
        header={
          <Header variant="h2" counter={`(${number(hits.length)})`}>
            {t('search.events')}
          </Header>
        }
        pagination={
          <Pagination
            currentPageIndex={current}
            pagesCount={pages}
            ariaLabels={{ paginationLabel: t('table.pages') }}
            onChange={({ detail }) => setPage(detail.currentPageIndex)}
          />
        }
        empty={<EmptyState title={t('search.none')} text={t('search.none.text')} />}
        columnDefinitions={columns}
      />
      {open !== undefined && (
        <EventDialog
          hit={open}
          onClose={() => setOpen(undefined)}
          onAround={() => {
            setOpen(undefined);
            props.onAround(timeIn(open.event));
          }}
        />
      )}
    </SpaceBetween>
  );
}

function useColumns(onOpen: (hit: Hit) => void): TableProps.ColumnDefinition<Hit>[] {
  const { t, time } = useTexts();
  const accounts = useResource<AccountRow[]>(ACCOUNTS_PATH, ['directory']).data ?? [];
  return [
    {
      id: 'time',
      header: t('search.field.time'),
      minWidth: 175,
      isRowHeader: true,
      cell: (hit) => (
        <Link
          href="#"
          ariaLabel={t('search.show', { time: time.second(timeIn(hit.event)) })}
          onFollow={(event) => {
            event.preventDefault();
            onOpen(hit);
          }}
        >
          <Time at={timeIn(hit.event)} to="second" />
        </Link>
      ),
    },
    {
      id: 'account',
      header: t('search.field.account'),
      minWidth: 160,
      cell: (hit) => <AccountOf hit={hit} of={accounts} />,
    },
    ...COLUMNS.map(([id, minWidth, paths]) => ({
      id,
      header: t(`search.field.${id}`),
      minWidth,
      cell: (hit: Hit) => <span className="break-anywhere">{valueIn(hit.event, paths) ?? '–'}</span>,
    })),
  ];
}

function AccountOf(props: { hit: Hit; of: readonly AccountRow[] }) {
  const id = valueIn(props.hit.event, ['cloud.account.uid']);
  if (id === undefined) return '–';
  const account = props.of.find((known) => known.known && known.id === id);
  return <AccountLabel account={{ id, name: account?.name ?? null }} />;
}

function EventDialog(props: { hit: Hit; onClose: () => void; onAround: () => void }) {
  const { t } = useTexts();
  const { event } = props.hit;
  return (
    <Modal
      visible
      size="large"
      header={t('search.event')}
      closeAriaLabel={t('common.close')}
      onDismiss={props.onClose}
      footer={<Button onClick={props.onAround}>{t('search.around')}</Button>}
    >
      <Tabs
        ariaLabel={t('search.event')}
        tabs={[
          {
            id: 'ocsf',
            label: t('search.ocsf'),
            content: <RawJson json={JSON.stringify(event)} label={t('search.ocsf')} />,
          },
          { id: 'original', label: t('search.original'), content: <Original hit={props.hit} /> },
        ]}
      />
    </Modal>
  );
}

function Original({ hit }: { hit: Hit }) {
  const { t } = useTexts();
  const original = useResource<OriginalRecord>(
    `/lake/original${query({ object: hit.object, record: hit.record })}`,
    [],
  );
  return (
    <Loaded resource={original}>
      {(data) =>
        data.state === 'found' ? (
          <RawJson json={data.text} label={t('search.original')} />
        ) : (
          <Alert type="info" header={t('search.gone')}>
            {data.reason}
          </Alert>
        )
      }
    </Loaded>
  );
}
