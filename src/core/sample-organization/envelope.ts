import { isoSeconds } from './calendar.ts';
import { stableUuid } from './random.ts';
import type { EventBridgeEnvelope, JsonObject, SampleEvent } from './types.ts';

type Delivery = {
  readonly time: number;
  readonly source: string;
  readonly detailType: string;
  /** The account whose event bus it arrives on. */
  readonly account: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
  readonly beat: string | null;
  /** What makes this delivery different from every other. */
  readonly label: string;
};

/** Wraps a detail as EventBridge delivers it. */
export function delivered(delivery: Delivery): SampleEvent {
  const { time, source, detailType, account, region, resources, detail, beat, label } = delivery;
  const envelope: EventBridgeEnvelope = {
    version: '0',
    id: stableUuid(`envelope|${source}|${account}|${region}|${time}|${label}`),
    'detail-type': detailType,
    source,
    account,
    time: isoSeconds(time),
    region,
    resources,
    detail,
  };
  return { time: Math.floor(time / 1000) * 1000, beat, envelope };
}
