import Box from '@cloudscape-design/components/box';
import type { TableProps } from '@cloudscape-design/components/table';
import { memo } from 'react';
import type { FindingSummary } from '#ports/http-api.ts';
import { findingPath } from '../../app/room-table.ts';
import { type Speech, useTexts } from '../../i18n/texts-context.tsx';
import { AccountLabel, ProblemStatus, SeverityBadge, TeamLabel } from '../../parts/labels.tsx';
import { RoomLink } from '../../parts/room-link.tsx';
import type { TablePreferences } from '../../parts/table-preferences.ts';
import { Time } from '../../parts/times.tsx';

export const FINDING_COLUMNS = [
  'severity',
  'title',
  'account',
  'team',
  'status',
  'lastSeenAt',
  'region',
  'assignedTo',
  'kind',
  'timesSeen',
  'environment',
  'type',
  'firstSeenAt',
  'ou',
] as const;
type ColumnId = (typeof FINDING_COLUMNS)[number];

const HIDDEN_AT_FIRST: readonly ColumnId[] = [
  'region',
  'kind',
  'timesSeen',
  'environment',
  'type',
  'firstSeenAt',
  'ou',
];

export const FINDING_PREFERENCES: TablePreferences = {
  pageSize: 25,
  wrapLines: true,
  stripedRows: false,
  contentDensity: 'comfortable',
  contentDisplay: FINDING_COLUMNS.map((id) => ({ id, visible: !HIDDEN_AT_FIRST.includes(id) })),
};

type Column = TableProps.ColumnDefinition<FindingSummary>;
type Look = Omit<Column, 'id' | 'header' | 'ariaLabel'>;

/** The columns of the findings table; those the server can sort by say so. */
export function findingColumns({ t, number }: Speech): Column[] {
  const looks: Record<ColumnId, Look> = {
    severity: { minWidth: 114, sortingField: 'severity', cell: (item) => <SeverityBadge severity={item.severity} /> },
    title: {
      minWidth: 230,
      maxWidth: 320,
      sortingField: 'title',
      isRowHeader: true,
      cell: (item) => <Title item={item} />,
    },
    account: { minWidth: 145, cell: (item) => <AccountLabel account={item.account} /> },
    team: { minWidth: 140, cell: (item) => <TeamLabel team={item.team} /> },
    status: { minWidth: 152, cell: (item) => <ProblemStatus problem={item} /> },
    lastSeenAt: { minWidth: 140, sortingField: 'lastSeenAt', cell: (item) => <Time at={item.lastSeenAt} /> },
    kind: { minWidth: 130, cell: (item) => t(`kind.${item.kind}`) },
    region: { minWidth: 130, cell: (item) => <span className="nowrap">{item.region}</span> },
    assignedTo: { minWidth: 100, cell: (item) => item.assignedTo ?? '–' },
    timesSeen: {
      minWidth: 100,
      sortingField: 'timesSeen',
      cell: (item) => <span className="numeric">{number(item.timesSeen)}</span>,
    },
    environment: { minWidth: 110, cell: (item) => item.account.environment ?? '–' },
    type: { minWidth: 200, cell: (item) => item.type },
    firstSeenAt: { minWidth: 170, sortingField: 'firstSeenAt', cell: (item) => <Time at={item.firstSeenAt} /> },
    ou: { minWidth: 150, cell: (item) => item.account.ou ?? '–' },
  };
  return FINDING_COLUMNS.map((id) => ({
    id,
    header: t(`column.${id}`),
    ...looks[id],
    ...(looks[id].sortingField === undefined ? {} : { ariaLabel: sortLabel(t, t(`column.${id}`)) }),
  }));
}

function sortLabel(t: Speech['t'], column: string): NonNullable<Column['ariaLabel']> {
  return ({ sorted, descending, disabled }) => {
    if (disabled) return column;
    if (!sorted) return t('table.sort.not', { column });
    return descending ? t('table.sort.descending', { column }) : t('table.sort.ascending', { column });
  };
}

/** Drawn again only when the finding itself changed, not when another row is chosen. */
const Title = memo(function Title({ item }: { item: FindingSummary }) {
  const { t } = useTexts();
  return (
    <div>
      <RoomLink to={findingPath(item.key)}>{item.title === '' ? item.key : item.title}</RoomLink>
      {item.resource !== null && (
        <Box color="text-body-secondary" fontSize="body-s">
          {resourceText(item.resource.id, item.resourceCount - 1, t)}
        </Box>
      )}
    </div>
  );
});

function resourceText(id: string, others: number, t: Speech['t']): string {
  return others > 0 ? t('finding.resource.more', { id, count: others }) : id;
}
