import { at, type Fields, fields, text, time } from '#core/intake/fields.ts';

/** An EventBridge event; `detail` is the service's own document. */
export type Envelope = {
  readonly id: string;
  readonly detailType: string;
  readonly source: string;
  readonly account: string | null;
  readonly region: string;
  readonly time: number | null;
  readonly detail: Fields;
};

/** Reads the envelope, or says what is missing. */
export function readEnvelope(event: unknown): Envelope | { readonly missing: string } {
  const envelope = fields(event);
  if (envelope === undefined) return { missing: 'an event is a JSON object' };
  const detailType = text(envelope, 'detail-type');
  const source = text(envelope, 'source');
  const detail = fields(at(envelope, 'detail'));
  if (detailType === undefined) return { missing: 'no "detail-type": not an EventBridge event' };
  if (source === undefined) return { missing: 'no "source": not an EventBridge event' };
  if (detail === undefined) return { missing: '"detail" is not an object' };
  return {
    id: text(envelope, 'id') ?? '',
    detailType,
    source,
    account: text(envelope, 'account') ?? null,
    region: text(envelope, 'region') ?? '',
    time: time(envelope, 'time') ?? null,
    detail,
  };
}
