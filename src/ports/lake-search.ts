import type { OcsfEvent } from '#core/lake/event-json.ts';
import type { SearchNode } from '#core/lake/search/search-query.ts';

export interface SearchRequest {
  readonly node: SearchNode;
  /** Epoch ms: from inclusive, to exclusive. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly order: 'newest' | 'oldest';
}

export interface SearchHit {
  readonly event: OcsfEvent;
  /** The object that the record came from, and its number there. */
  readonly object: string;
  readonly record: number;
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  /** There were more hits than the limit. */
  readonly isCut: boolean;
}

/** One bar of a histogram. */
export interface TimeBucket {
  /** Epoch ms. */
  readonly start: number;
  readonly count: number;
}

export interface Facet {
  readonly field: string;
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

/** Searches the events of the lake. Fields that no event class has are an error `input.invalid`. */
export interface LakeSearch {
  events(request: SearchRequest): Promise<SearchAnswer>;
  /** Counts in equal steps over the whole range, empty ones too. */
  histogram(
    request: Omit<SearchRequest, 'limit' | 'order'> & { readonly stepMs: number },
  ): Promise<readonly TimeBucket[]>;
  /** The most frequent values of fields. */
  facets(
    request: Omit<SearchRequest, 'limit' | 'order'> & { readonly fields: readonly string[]; readonly top: number },
  ): Promise<readonly Facet[]>;
  close(): void;
}
