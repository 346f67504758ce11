/** `[seconds after the beat begins, service, API call, resources, what differs]` */
export type CallLine = readonly [
  after: number,
  service: string,
  eventName: string,
  resources?: readonly string[],
  options?: { readonly region?: string; readonly errorCode?: string },
];

/** A beat as it is written down: by Tokyo day and clock instead of milliseconds. */
export type BeatLine = {
  readonly id: string;
  readonly day: number;
  readonly clock: string;
  /** How long it goes on. */
  readonly minutes?: number;
  readonly en: string;
  readonly ja: string;
  readonly account: string;
  readonly region?: string;
  readonly actor?: string;
  readonly from?: string;
  readonly resources?: readonly string[];
  readonly calls?: readonly CallLine[];
  readonly after?: readonly string[];
};
