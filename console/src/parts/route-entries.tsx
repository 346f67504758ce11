import Box from '@cloudscape-design/components/box';
import Cards from '@cloudscape-design/components/cards';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { RouteExplanation } from '#ports/http-api.ts';
import { findingPath } from '../app/room-table.ts';
import { useTexts } from '../i18n/texts-context.tsx';
import { BlocksView } from '../message/block-view.tsx';
import { accountName, DecisionStatus, destinationName, SeverityBadge } from './labels.tsx';
import { EmptyState } from './load-states.tsx';
import { RoomLink } from './room-link.tsx';

/** Who gets what and why, one card per destination. */
export function RouteEntries(props: {
  entries: readonly RouteExplanation[];
  label: string;
  /** Of several events each card says which it is about. */
  show: 'event' | 'destination';
}) {
  const { t } = useTexts();
  const { show } = props;
  return (
    <Cards
      ariaLabels={{ cardsLabel: props.label, itemSelectionLabel: () => '', selectionGroupLabel: '' }}
      cardsPerRow={[{ cards: 1 }]}
      items={props.entries}
      empty={<EmptyState title={t('routes.entries.empty')} text={t('routes.entries.empty.text')} />}
      cardDefinition={{
        header: (entry) => <EntryTitle entry={entry} />,
        sections: [
          { id: 'decision', content: (entry) => <EntryDecision entry={entry} /> },
          ...(show === 'event'
            ? [{ id: 'event', content: (entry: RouteExplanation) => <EntryEvent entry={entry} /> }]
            : []),
          { id: 'message', content: (entry) => <EntryMessage entry={entry} /> },
        ],
      }}
    />
  );
}

type EntryProps = { entry: RouteExplanation };

function EntryTitle({ entry }: EntryProps) {
  const { t } = useTexts();
  return (
    <Box variant="h3">
      {entry.destination === undefined ? t('routes.nobody') : destinationName(entry.destination, t)}
    </Box>
  );
}

function EntryDecision({ entry }: EntryProps) {
  const { t } = useTexts();
  const decision = (
    <span className="inline-facts">
      <DecisionStatus decision={entry.decision} />
      {entry.action !== 'none' && (
        <Box variant="span" color="text-body-secondary">
          {t(`delivery-action.${entry.action}`)}
        </Box>
      )}
    </span>
  );
  return (
    <KeyValuePairs
      columns={2}
      items={[
        { label: t('routes.decision'), value: decision },
        { label: t('routes.reason'), value: entry.reason },
      ]}
    />
  );
}

function EntryEvent({ entry }: EntryProps) {
  const { t } = useTexts();
  const account = entry.account === null ? t('account.none') : accountName(entry.account, t);
  return (
    <div className="inline-facts">
      <SeverityBadge severity={entry.severity} />
      <span>{t('routes.event', { index: entry.event + 1, kind: t(`kind.${entry.kind}`) })}</span>
      <span>{account}</span>
      <span>{entry.team ?? t('team.none')}</span>
      <RoomLink to={findingPath(entry.problemKey)}>{entry.problemKey}</RoomLink>
    </div>
  );
}

function EntryMessage({ entry }: EntryProps) {
  const { t } = useTexts();
  if (entry.message === undefined) return null;
  return (
    <ExpandableSection headerText={t('routes.message')} defaultExpanded={entry.decision === 'send'}>
      <BlocksView text={entry.message.text} blocks={entry.message.blocks} />
    </ExpandableSection>
  );
}
