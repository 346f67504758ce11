import Badge, { type BadgeProps } from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { memo } from 'react';
import type { Account, Decision, Destination, OutboxState, Severity } from '../api/api-types.ts';
import type { Speech } from '../i18n/texts-context.tsx';
import { useTexts } from '../i18n/texts-context.tsx';

const SEVERITY_COLOR = {
  CRITICAL: 'severity-critical',
  HIGH: 'severity-high',
  MEDIUM: 'severity-medium',
  LOW: 'severity-low',
  INFORMATIONAL: 'severity-neutral',
} as const satisfies Record<Severity, BadgeProps['color']>;

/** How bad something is, in the colours Cloudscape has for it. */
export const SeverityBadge = memo(function SeverityBadge(props: { severity: Severity }) {
  const { t } = useTexts();
  return (
    <span className="nowrap">
      <Badge color={SEVERITY_COLOR[props.severity]}>{t(`severity.${props.severity}`)}</Badge>
    </span>
  );
});

type StatusFields = {
  readonly status: 'open' | 'resolved' | 'suppressed';
  readonly acknowledgedBy: string | null;
  readonly exceptionId: string | null;
};

/** Where a problem stands, for a person who looks at it. */
export const ProblemStatus = memo(function ProblemStatus(props: { problem: StatusFields }) {
  const { t } = useTexts();
  const { status, acknowledgedBy, exceptionId } = props.problem;
  if (status === 'resolved') return <StatusIndicator type="success">{t('status.resolved')}</StatusIndicator>;
  if (status === 'suppressed') return <StatusIndicator type="stopped">{t('status.suppressed')}</StatusIndicator>;
  if (exceptionId !== null) return <StatusIndicator type="info">{t('status.accepted')}</StatusIndicator>;
  if (acknowledgedBy !== null) return <StatusIndicator type="in-progress">{t('status.acknowledged')}</StatusIndicator>;
  return <StatusIndicator type="pending">{t('status.open')}</StatusIndicator>;
});

const OUTBOX_TYPE = {
  queued: 'pending',
  sending: 'in-progress',
  sent: 'success',
  covered: 'stopped',
  parked: 'error',
} as const satisfies Record<OutboxState, StatusIndicatorProps.Type>;

/** How far a delivery has come. */
export function OutboxStatus(props: { state: OutboxState }) {
  const { t } = useTexts();
  return <StatusIndicator type={OUTBOX_TYPE[props.state]}>{t(`outbox.${props.state}`)}</StatusIndicator>;
}

const DECISION_TYPE = {
  send: 'success',
  digest: 'pending',
  drop: 'stopped',
} as const satisfies Record<Decision, StatusIndicatorProps.Type>;

/** What the routes decided. */
export function DecisionStatus(props: { decision: Decision }) {
  const { t } = useTexts();
  return <StatusIndicator type={DECISION_TYPE[props.decision]}>{t(`decision.${props.decision}`)}</StatusIndicator>;
}

/** What a person calls a destination. */
export function destinationName(destination: Destination, t: Speech['t']): string {
  switch (destination.kind) {
    case 'slack':
      return destination.channel;
    case 'slack-webhook':
      return t('destination.webhook', { name: destination.webhook });
    case 'amazon-q':
      return t('destination.amazon-q', { name: destination.topicArn.slice(destination.topicArn.lastIndexOf(':') + 1) });
  }
}

/** `prod-payments (111122223333)`, or what is known of it. */
export function accountName(account: Account, t: Speech['t']): string {
  if (account.id === '') return t('account.none');
  return account.name === null ? account.id : `${account.name} (${account.id})`;
}

/** An account's name with its id below. */
export const AccountLabel = memo(function AccountLabel(props: { account: Pick<Account, 'id' | 'name'> }) {
  const { t } = useTexts();
  const { account } = props;
  if (account.id === '') return <Box color="text-status-inactive">{t('account.none')}</Box>;
  if (account.name === null) {
    return (
      <StatusIndicator type="warning">
        <span className="numeric">{account.id}</span>
      </StatusIndicator>
    );
  }
  return (
    <div>
      <div>{account.name}</div>
      <Box color="text-body-secondary" fontSize="body-s">
        <span className="numeric nowrap">{account.id}</span>
      </Box>
    </div>
  );
});

/** A team's name, or that nobody owns it. */
export const TeamLabel = memo(function TeamLabel(props: { team: { readonly name: string } | null }) {
  const { t } = useTexts();
  if (props.team !== null) return <span className="phrase">{props.team.name}</span>;
  return <StatusIndicator type="warning">{t('team.none')}</StatusIndicator>;
});

/** Counts by severity, worst first; zeroes stay quiet. */
export function SeverityCounts(props: { open: Readonly<Record<Severity, number>>; severities: readonly Severity[] }) {
  const { t, number } = useTexts();
  const shown = props.severities.filter((severity) => props.open[severity] > 0);
  if (shown.length === 0) return <Box color="text-status-inactive">{number(0)}</Box>;
  return (
    <span className="severity-counts">
      {shown.map((severity) => (
        <Badge key={severity} color={SEVERITY_COLOR[severity]}>
          {t('severity.count', { severity: t(`severity.${severity}`), count: number(props.open[severity]) })}
        </Badge>
      ))}
    </span>
  );
}
