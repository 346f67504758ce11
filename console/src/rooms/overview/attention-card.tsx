import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Overview } from '#ports/http-api.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { RoomLink } from '../../parts/room-link.tsx';

/** What waits for a person. */
export function AttentionCard({ overview }: { overview: Overview }) {
  const { t } = useTexts();
  const { unownedAccounts, unknownEvents, outbox } = overview;
  const waiting = outbox.queued + outbox.sending;
  return (
    <Container header={<Header variant="h2">{t('overview.attention')}</Header>} fitHeight>
      <KeyValuePairs
        columns={2}
        items={[
          { label: t('overview.unowned'), value: <Count count={unownedAccounts} to="/accounts" bad="warning" /> },
          {
            label: t('overview.parked'),
            value: <Count count={outbox.parked} to="/delivery?state=parked" bad="error" />,
          },
          {
            label: t('overview.unknown'),
            value: <Count count={unknownEvents} to="/delivery?tab=unknown" bad="warning" />,
          },
          { label: t('overview.waiting'), value: <Count count={waiting} to="/delivery?state=queued" bad="pending" /> },
        ]}
      />
    </Container>
  );
}

function Count(props: { count: number; to: string; bad: StatusIndicatorProps.Type }) {
  const { t, number } = useTexts();
  if (props.count === 0) return <StatusIndicator type="success">{t('overview.none')}</StatusIndicator>;
  return (
    <StatusIndicator type={props.bad}>
      <RoomLink to={props.to}>{number(props.count)}</RoomLink>
    </StatusIndicator>
  );
}
