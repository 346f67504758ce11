import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { FindingPage } from '#ports/http-api.ts';
import { findingsPath } from '../../api/api-paths.ts';
import { useResource } from '../../api/use-resource.ts';
import { findingPath } from '../../app/room-table.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { AccountLabel, SeverityBadge } from '../../parts/labels.tsx';
import { EmptyState } from '../../parts/load-states.tsx';
import { RoomLink } from '../../parts/room-link.tsx';
import { Time } from '../../parts/times.tsx';
import { findingsRoomPath } from '../findings/findings-url.ts';

const WORST = [
  { property: 'status', operator: '=', value: 'open' },
  { property: 'severity', operator: '=', value: 'CRITICAL' },
  { property: 'severity', operator: '=', value: 'HIGH' },
] as const;
const SHOWN = 6;

/** The newest of the worst. */
export function WorstCard() {
  const { t } = useTexts();
  const findings = useResource<FindingPage>(
    findingsPath({ filter: WORST, sort: 'lastSeenAt', order: 'desc', offset: 0, limit: SHOWN }),
    ['findings'],
  );
  return (
    <Table
      items={findings.data?.items ?? []}
      trackBy="key"
      variant="container"
      wrapLines
      loading={findings.loading}
      loadingText={t('common.loading')}
      ariaLabels={{ tableLabel: t('overview.worst') }}
      header={
        <Header variant="h2" actions={<RoomLink to={findingsRoomPath(WORST)}>{t('overview.worst.all')}</RoomLink>}>
          {t('overview.worst')}
        </Header>
      }
      columnDefinitions={[
        {
          id: 'severity',
          header: t('field.severity'),
          width: 100,
          cell: (item) => <SeverityBadge severity={item.severity} />,
        },
        {
          id: 'title',
          header: t('field.problem'),
          isRowHeader: true,
          minWidth: 220,
          cell: (item) => <RoomLink to={findingPath(item.key)}>{item.title === '' ? item.key : item.title}</RoomLink>,
        },
        {
          id: 'account',
          header: t('field.account'),
          minWidth: 150,
          cell: (item) => <AccountLabel account={item.account} />,
        },
        {
          id: 'lastSeenAt',
          header: t('field.lastSeenAt'),
          minWidth: 160,
          cell: (item) => <Time at={item.lastSeenAt} />,
        },
      ]}
      empty={<EmptyState title={t('overview.worst.empty')} />}
    />
  );
}
