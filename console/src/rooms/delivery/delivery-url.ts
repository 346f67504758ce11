import { OUTBOX_STATES, type OutboxState } from '../../api/api-types.ts';

/** What the address says of the outbox table. */
export type DeliveryView = {
  readonly state: OutboxState | undefined;
  readonly destination: string | undefined;
  /** From 1. */
  readonly page: number;
};

/** Reads the address; what is wrong in it is left out. */
export function readDeliveryView(search: URLSearchParams): DeliveryView {
  const page = Number(search.get('page') ?? '1');
  return {
    state: OUTBOX_STATES.find((state) => state === search.get('state')),
    destination: search.get('destination') ?? undefined,
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** The address of a view. */
export function writeDeliveryView(view: DeliveryView): URLSearchParams {
  const search = new URLSearchParams();
  if (view.state !== undefined) search.set('state', view.state);
  if (view.destination !== undefined) search.set('destination', view.destination);
  if (view.page !== 1) search.set('page', String(view.page));
  return search;
}
