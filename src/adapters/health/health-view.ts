import type { Event, OrganizationEvent } from '@aws-sdk/client-health';
import type { HealthApiEvent } from '#ports/health-source.ts';

/** An event without what further calls add. */
export type HealthSummary = Omit<HealthApiEvent, 'description' | 'metadata' | 'affected'>;

export type HealthDetail = Pick<HealthApiEvent, 'description' | 'metadata'>;

/** One of the two ways AWS Health answers: for the whole organization, or for one account. */
export type HealthView = {
  changedSince(since: Date): Promise<HealthSummary[]>;
  /** Adds details and affected entities; one event can come in parts, when accounts were told different things. */
  complete(events: readonly HealthSummary[]): AsyncIterable<HealthApiEvent>;
};

export const PUBLIC_SCOPE = 'PUBLIC';
export const MOST_PER_PAGE = 100;
/** Health takes at most ten filters or ARNs in one call. */
export const MOST_PER_CALL = 10;

/** The fields that both views share; AWS documents them as always there and leaves some out now and then. */
export function summaryOf(event: OrganizationEvent | Event): HealthSummary {
  const updatedAt = event.lastUpdatedTime ?? event.startTime ?? event.endTime ?? new Date(0);
  return {
    arn: event.arn ?? '',
    service: event.service ?? '',
    eventTypeCode: event.eventTypeCode ?? '',
    eventTypeCategory: event.eventTypeCategory ?? '',
    eventScopeCode: event.eventScopeCode ?? '',
    region: event.region ?? '',
    startTime: event.startTime?.toISOString() ?? null,
    endTime: event.endTime?.toISOString() ?? null,
    lastUpdatedTime: updatedAt.toISOString(),
    statusCode: event.statusCode ?? 'open',
  };
}

/** What could not be had, for the caller's log: `errorName: errorMessage`. */
export function failedItem(item: {
  readonly errorName?: string | undefined;
  readonly errorMessage?: string | undefined;
}): string {
  return `${item.errorName ?? 'unknown error'}: ${(item.errorMessage ?? 'no message').slice(0, 300)}`;
}
