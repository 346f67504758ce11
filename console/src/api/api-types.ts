import type { ChannelRow, DeliveryRow, FindingDetail, FindingSummary, RouteExplanation } from '#ports/http-api.ts';

export type Severity = FindingSummary['severity'];
export type ProblemKind = FindingSummary['kind'];
export type ProblemStatus = FindingSummary['status'];
export type Account = FindingSummary['account'];
export type Destination = ChannelRow['destination'];
export type OutboxState = DeliveryRow['state'];
export type Exception = NonNullable<FindingDetail['exception']>;
export type HistoryEntry = FindingDetail['history'][number];
export type Decision = RouteExplanation['decision'];

/** Worst first, as lists show them. */
export const SEVERITIES_WORST_FIRST = [
  'CRITICAL',
  'HIGH',
  'MEDIUM',
  'LOW',
  'INFORMATIONAL',
] as const satisfies readonly Severity[];
export const PROBLEM_KINDS = [
  'guardduty',
  'securityhub',
  'health',
  'account',
] as const satisfies readonly ProblemKind[];
export const PROBLEM_STATUSES = ['open', 'resolved', 'suppressed'] as const satisfies readonly ProblemStatus[];
/** What waits for a person first. */
export const OUTBOX_STATES = [
  'parked',
  'sending',
  'queued',
  'sent',
  'covered',
] as const satisfies readonly OutboxState[];
