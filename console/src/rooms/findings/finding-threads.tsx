import Table from '@cloudscape-design/components/table';
import type { FindingDetail } from '#ports/http-api.ts';
import { messagePath } from '../../format/destination-key.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { destinationName } from '../../parts/labels.tsx';
import { EmptyState } from '../../parts/load-states.tsx';
import { RoomLink } from '../../parts/room-link.tsx';
import { Time } from '../../parts/times.tsx';

/** The messages that carry a problem, one per destination. */
export function FindingThreads(props: { threads: FindingDetail['threads'] }) {
  const { t } = useTexts();
  return (
    <Table
      variant="container"
      items={props.threads}
      trackBy="messageId"
      wrapLines
      ariaLabels={{ tableLabel: t('finding.tab.threads') }}
      columnDefinitions={[
        {
          id: 'destination',
          header: t('field.destination'),
          isRowHeader: true,
          minWidth: 180,
          cell: (item) => (
            <RoomLink to={messagePath(item.destination, item.messageId)}>
              {destinationName(item.destination, t)}
            </RoomLink>
          ),
        },
        {
          id: 'sentAt',
          header: t('field.sentAt'),
          minWidth: 180,
          cell: (item) => <Time at={item.sentAt} to="second" />,
        },
        { id: 'ts', header: t('field.slack-ts'), minWidth: 160, cell: (item) => item.ts ?? t('finding.threads.feed') },
      ]}
      empty={<EmptyState title={t('finding.threads.empty')} text={t('finding.threads.empty.text')} />}
    />
  );
}
