/** A value as JSON has it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** What EventBridge hands over. */
export type EventBridgeEnvelope = {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
};

/** One delivered event; `beat` names the part of the story it belongs to, null for daily noise. */
export type SampleEvent = {
  readonly time: number;
  readonly beat: string | null;
  readonly envelope: EventBridgeEnvelope;
};

export type ThreadId =
  | 'leaked-key'
  | 'public-bucket'
  | 'root-login'
  | 'rds-maintenance'
  | 'ec2-issue'
  | 'unowned-account'
  | 'posture';

/** An AWS API call made in a beat, as CloudTrail would record it. */
export type ApiCall = {
  readonly at: number;
  readonly eventSource: string;
  readonly eventName: string;
  /** Keys of the resources it touches. */
  readonly resources: readonly string[];
  readonly region: string;
  readonly errorCode: string | null;
};

/** One thing that happens in the story. Every log of the story is written from these. */
export type Beat = {
  readonly id: string;
  readonly thread: ThreadId;
  readonly at: number;
  readonly until: number;
  readonly title: { readonly en: string; readonly ja: string };
  readonly account: string;
  readonly region: string;
  /** Key of a principal in the cast. */
  readonly actor: string | null;
  /** Key of a remote host in the cast. */
  readonly sourceHost: string | null;
  /** Keys of resources in the cast. */
  readonly resources: readonly string[];
  readonly calls: readonly ApiCall[];
  /** Beats without which this one would not have happened. */
  readonly after: readonly string[];
};
