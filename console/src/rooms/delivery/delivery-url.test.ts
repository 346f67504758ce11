import { expect, it } from 'vitest';
import { readDeliveryView, writeDeliveryView } from './delivery-url.ts';

it('keeps a view of the outbox', () => {
  const view = { state: 'parked', destination: 'slack:#soc & co', page: 3 } as const;

  expect(readDeliveryView(writeDeliveryView(view))).toEqual(view);
});

it('reads a wrong address as everything, from the first page', () => {
  expect(readDeliveryView(new URLSearchParams('state=lost&page=zero'))).toEqual({
    state: undefined,
    destination: undefined,
    page: 1,
  });
});
