import { type HistoryEntry, SEVERITIES_WORST_FIRST } from '../../api/api-types.ts';
import type { Speech } from '../../i18n/texts-context.tsx';

const CHANGES = [
  'severity',
  'count',
  'status',
  'start',
  'end',
  'text',
  'communication',
  'description',
  'resources',
  'acknowledged',
  'assigned',
  'exception',
] as const;
const BY_PEOPLE: readonly HistoryEntry['what'][] = [
  'acknowledged',
  'assigned',
  'exception-added',
  'exception-removed',
  'routed',
];

/** True for what somebody decided, false for what a source reported. */
export function isByPerson(entry: Pick<HistoryEntry, 'what'>): boolean {
  return BY_PEOPLE.includes(entry.what);
}

/** The detail of an entry in the words of the reader; what is no word of ours stays as it came. */
export function historyDetail(entry: Pick<HistoryEntry, 'what' | 'detail'>, t: Speech['t']): string {
  const severity = SEVERITIES_WORST_FIRST.find((each) => each === entry.detail);
  if (severity !== undefined) return t(`severity.${severity}`);
  if (entry.what !== 'updated' || entry.detail === '') return entry.detail;
  const changes = entry.detail.split(', ').map((word) => {
    const known = CHANGES.find((change) => change === word);
    return known === undefined ? word : t(`change.${known}`);
  });
  return t('change.list', { changes: changes.join(t('change.separator')) });
}
