/** One event of the AWS Health API with its detail and, per affected account, its entities (all pages). Times are ISO 8601. */
export type HealthApiEvent = {
  readonly arn: string;
  readonly service: string;
  readonly eventTypeCode: string;
  readonly eventTypeCategory: string;
  readonly eventScopeCode: string;
  readonly region: string;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly lastUpdatedTime: string;
  readonly statusCode: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly affected: readonly {
    readonly accountId: string;
    readonly entities: readonly { readonly value: string; readonly status: string | null }[];
  }[];
};

/** Reads changes of AWS Health for every account of the organization. Throws `health.unavailable`, saying plainly when the support plan does not include the API. */
export interface HealthSource {
  changesSince(since: number): AsyncIterable<HealthApiEvent>;
}
