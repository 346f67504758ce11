import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { type ReactNode, useMemo, useState } from 'react';
import type { DeliveryPage, DeliveryRow } from '#ports/http-api.ts';
import { useOutside } from '../../api/api-context.tsx';
import { deliveriesPath, retryPath } from '../../api/api-paths.ts';
import { useResource } from '../../api/use-resource.ts';
import { useNotifier } from '../../app/notifications.tsx';
import { findingPath } from '../../app/room-table.ts';
import { type Speech, useTexts } from '../../i18n/texts-context.tsx';
import { destinationName, OutboxStatus, SeverityBadge } from '../../parts/labels.tsx';
import { EmptyState, ReadFailure } from '../../parts/load-states.tsx';
import { RoomLink } from '../../parts/room-link.tsx';
import { TablePages } from '../../parts/table-pages.tsx';
import { Time } from '../../parts/times.tsx';
import type { DeliveryView } from './delivery-url.ts';

const PAGE_SIZE = 50;
const NO_DELIVERIES: readonly DeliveryRow[] = [];

/** A page of the outbox; parked and waiting deliveries can be sent again. */
export function OutboxTable(props: {
  name: string;
  description: string;
  view: DeliveryView;
  filter?: ReactNode;
  onPage: (page: number) => void;
  onSent: () => void;
}) {
  const speech = useTexts();
  const { t, number } = speech;
  const { view } = props;
  const { deliveries, items, total, selected, select, resend } = useDeliveries(view, props.onSent);
  const columns = useMemo(() => outboxColumns(speech), [speech]);
  return (
    <SpaceBetween size="m">
      <ReadFailure of={deliveries} />
      <Table
        items={items}
        trackBy="id"
        variant="container"
        wrapLines
        columnDefinitions={columns}
        loading={deliveries.loading}
        loadingText={t('common.loading')}
        selectionType="multi"
        selectedItems={selected}
        isItemDisabled={(item) => !canBeSentAgain(item)}
        onSelectionChange={({ detail }) => select(detail.selectedItems)}
        ariaLabels={{
          tableLabel: props.name,
          selectionGroupLabel: t('delivery.selection'),
          allItemsSelectionLabel: () => t('table.select.all'),
          itemSelectionLabel: (_, item) => t('table.select.one', { name: item.title }),
        }}
        header={
          <Header
            variant="h2"
            counter={`(${number(total)})`}
            description={props.description}
            actions={
              <Button
                disabled={selected.length === 0}
                loading={resend.sending}
                onClick={() => void resend.send(selected.map((item) => item.id))}
              >
                {t('delivery.resend')}
              </Button>
            }
          >
            {props.name}
          </Header>
        }
        filter={props.filter}
        pagination={<TablePages page={view.page} pageSize={PAGE_SIZE} total={total} onPage={props.onPage} />}
        empty={<EmptyState title={t('delivery.empty')} text={t('delivery.empty.text')} />}
      />
    </SpaceBetween>
  );
}

function useDeliveries(view: DeliveryView, onSent: () => void) {
  const deliveries = useResource<DeliveryPage>(
    deliveriesPath({
      state: view.state,
      destination: view.destination,
      offset: (view.page - 1) * PAGE_SIZE,
      limit: PAGE_SIZE,
    }),
    ['deliveries'],
  );
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const items = deliveries.data?.items ?? NO_DELIVERIES;
  const total = deliveries.data?.total ?? 0;
  const selected = items.filter((item) => keys.has(item.id) && canBeSentAgain(item));
  const resend = useResend(() => {
    setKeys(new Set());
    deliveries.reload();
    onSent();
  });
  const select = (rows: readonly DeliveryRow[]) => setKeys(new Set(rows.map((row) => row.id)));
  return { deliveries, items, total, selected, select, resend };
}

function canBeSentAgain(item: DeliveryRow): boolean {
  return item.state === 'parked' || item.state === 'queued';
}

function useResend(onDone: () => void) {
  const { api } = useOutside();
  const { t } = useTexts();
  const notifier = useNotifier();
  const [sending, setSending] = useState(false);
  const send = async (ids: readonly string[]) => {
    setSending(true);
    let done = 0;
    try {
      for (const id of ids) {
        await api.post(retryPath(id), {});
        done += 1;
      }
    } catch (cause) {
      notifier.failure(t('delivery.resend.failed'), cause);
    }
    if (done > 0) notifier.success(t('delivery.resend.done', { count: done }));
    setSending(false);
    onDone();
  };
  return { sending, send };
}

function outboxColumns({ t, number }: Speech): TableProps.ColumnDefinition<DeliveryRow>[] {
  return [
    { id: 'state', header: t('field.state'), minWidth: 130, cell: (item) => <OutboxStatus state={item.state} /> },
    {
      id: 'title',
      header: t('field.problem'),
      isRowHeader: true,
      minWidth: 220,
      cell: (item) => (
        <div>
          <SeverityBadge severity={item.severity} />{' '}
          <RoomLink to={findingPath(item.problemKey)}>{item.title === '' ? item.problemKey : item.title}</RoomLink>
        </div>
      ),
    },
    {
      id: 'destination',
      header: t('field.destination'),
      minWidth: 160,
      cell: (item) => destinationName(item.destination, t),
    },
    { id: 'what', header: t('delivery.what'), minWidth: 180, cell: (item) => <What item={item} /> },
    {
      id: 'attempts',
      header: t('delivery.attempts'),
      minWidth: 160,
      cell: (item) => (
        <div>
          <span className="numeric">{number(item.attempts)}</span>
          {item.lastError !== null && (
            <Box color="text-status-error" fontSize="body-s">
              {item.lastError}
            </Box>
          )}
        </div>
      ),
    },
    { id: 'time', header: t('delivery.time'), minWidth: 150, cell: (item) => <When item={item} /> },
  ];
}

function What({ item }: { item: DeliveryRow }) {
  const { t } = useTexts();
  const action = t(`delivery-action.${item.action}`);
  return (
    <div>
      <div>{item.mode === 'digest' ? t('delivery.in-digest', { action }) : action}</div>
      <Box color="text-body-secondary" fontSize="body-s">
        {item.reason}
      </Box>
    </div>
  );
}

function When({ item }: { item: DeliveryRow }) {
  const { t } = useTexts();
  const { step, at } = whenOf(item);
  return (
    <div>
      <Box color="text-body-secondary" fontSize="body-s">
        {t(`delivery.time.${step}`)}
      </Box>
      <Time at={at} />
    </div>
  );
}

function whenOf(item: DeliveryRow): { step: 'sent' | 'due' | 'created'; at: number } {
  if (item.sentAt !== null) return { step: 'sent', at: item.sentAt };
  if (item.state === 'queued') return { step: 'due', at: item.dueAt };
  return { step: 'created', at: item.createdAt };
}
