import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Steps, { type StepsProps } from '@cloudscape-design/components/steps';
import { useState } from 'react';
import type { HistoryEntry } from '../../api/api-types.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { EmptyState } from '../../parts/load-states.tsx';
import { Time } from '../../parts/times.tsx';
import { historyDetail, isByPerson } from './history-words.ts';

const STATUS = {
  opened: 'pending',
  updated: 'info',
  resolved: 'success',
  suppressed: 'stopped',
  reopened: 'warning',
  acknowledged: 'in-progress',
  assigned: 'info',
  'exception-added': 'stopped',
  'exception-removed': 'warning',
  routed: 'info',
} as const satisfies Record<HistoryEntry['what'], StepsProps.Status>;

const SHOWN_AT_FIRST = 50;

/** What happened to a problem, newest first. */
export function FindingHistory(props: { entries: readonly HistoryEntry[] }) {
  const { t } = useTexts();
  const [all, setAll] = useState(false);
  const newestFirst = props.entries.toReversed();
  const shown = all ? newestFirst : newestFirst.slice(0, SHOWN_AT_FIRST);
  if (shown.length === 0) return <EmptyState title={t('finding.history.empty')} />;
  return (
    <Container>
      <Steps
        ariaLabel={t('finding.tab.history')}
        steps={shown.map((entry) => ({
          status: STATUS[entry.what],
          header: <strong>{t(`history.${entry.what}`)}</strong>,
          details: <Entry entry={entry} />,
        }))}
      />
      {shown.length < newestFirst.length && (
        <Button onClick={() => setAll(true)}>{t('finding.history.all', { count: newestFirst.length })}</Button>
      )}
    </Container>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const { t } = useTexts();
  const detail = historyDetail(entry, t);
  return (
    <div className="break-anywhere">
      {detail !== '' && <div>{detail}</div>}
      <Box color="text-body-secondary" fontSize="body-s">
        <Time at={entry.at} to="second" />
      </Box>
      {entry.by !== '' && (
        <Box color="text-body-secondary" fontSize="body-s">
          {isByPerson(entry) ? t('history.by', { who: entry.by }) : t('history.source', { source: entry.by })}
        </Box>
      )}
    </div>
  );
}
