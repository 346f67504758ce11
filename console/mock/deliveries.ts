import type { DeliveryPage, DeliveryRow, DeliverySummary, FindingSummary } from '../../src/ports/http-api.ts';
import { destinationOf } from './messages.ts';

type State = DeliveryRow['state'];

const ERRORS = ['channel_not_found', 'token_revoked'] as const;

function stateOf(index: number): State {
  if (index === 3 || index === 17) return 'parked';
  if (index === 0) return 'sending';
  if (index % 13 === 1) return 'queued';
  return index % 10 === 4 ? 'covered' : 'sent';
}

/** An outbox with something in every state. */
export function makeDeliveries(findings: readonly FindingSummary[]): DeliveryRow[] {
  return findings.map((finding, index) => {
    const destination = destinationOf(finding);
    const state = stateOf(index);
    return {
      id: `delivery-${index}`,
      destination,
      destinationKey: destination.kind === 'slack' ? `slack:${destination.channel}` : destination.kind,
      action: index % 6 === 5 ? 'resolve' : index % 3 === 2 ? 'update' : 'post',
      mode: index % 8 === 7 ? 'digest' : 'send',
      state,
      severity: finding.severity,
      problemKey: finding.key,
      title: finding.title,
      reason: `Route ${finding.team?.id ?? 'central'}/${finding.kind}: ${finding.severity} reaches the floor LOW.`,
      attempts: state === 'parked' ? 12 : state === 'queued' && index % 2 === 0 ? 3 : 1,
      lastError: state === 'parked' ? `Slack refused: ${ERRORS[index % 2]}` : null,
      createdAt: finding.lastSeenAt,
      dueAt: finding.lastSeenAt + 60_000,
      sentAt: state === 'sent' || state === 'covered' ? finding.lastSeenAt + 20_000 : null,
    };
  });
}

/** A page of the outbox. */
export function deliveryPage(deliveries: readonly DeliveryRow[], query: URLSearchParams): DeliveryPage {
  const state = query.get('state');
  const destination = query.get('destination');
  const offset = Number(query.get('offset') ?? '0');
  const limit = Number(query.get('limit') ?? '50');
  const found = deliveries.filter(
    (row) => (state === null || row.state === state) && (destination === null || row.destinationKey === destination),
  );
  return { items: found.slice(offset, offset + limit), total: found.length };
}

/** The outbox counted. */
export function deliverySummary(deliveries: readonly DeliveryRow[]): DeliverySummary {
  const totals: Record<State, number> = { queued: 0, sending: 0, sent: 0, covered: 0, parked: 0 };
  const destinations = new Map<string, DeliverySummary['destinations'][number]>();
  for (const row of deliveries) {
    totals[row.state] += 1;
    const known = destinations.get(row.destinationKey) ?? {
      destinationKey: row.destinationKey,
      destination: row.destination,
      label: row.destinationKey,
      counts: {},
    };
    known.counts[row.state] = (known.counts[row.state] ?? 0) + 1;
    destinations.set(row.destinationKey, known);
  }
  return { destinations: [...destinations.values()], totals };
}
