import type { FilterProperty, FilterToken } from '#ports/http-api.ts';

export const FILTER_PROPERTIES = [
  'status',
  'kind',
  'severity',
  'account',
  'environment',
  'team',
  'region',
  'type',
  'assignee',
] as const satisfies readonly FilterProperty[];

export const SORT_FIELDS = ['lastSeenAt', 'firstSeenAt', 'severity', 'timesSeen', 'title'] as const;
export type SortField = (typeof SORT_FIELDS)[number];

/** What the address says to show. */
export type FindingsView = {
  readonly filter: readonly FilterToken[];
  readonly sort: SortField;
  readonly order: 'asc' | 'desc';
  /** From 1. */
  readonly page: number;
};

/** Without a filter in the address: what still needs attention. */
export const DEFAULT_FILTER: readonly FilterToken[] = [{ property: 'status', operator: '=', value: 'open' }];
const DEFAULT_SORT = 'lastSeenAt';
const DEFAULT_ORDER = 'desc';
const MAX_TOKENS = 50;
const MAX_VALUE_LENGTH = 300;
const OPERATORS = ['=', '!=', ':', '!:'] as const;

/** Reads the address; what is wrong in it is left out. */
export function readFindingsView(search: URLSearchParams): FindingsView {
  const page = Number(search.get('page') ?? '1');
  return {
    filter: readFilter(search.get('filter')),
    sort: SORT_FIELDS.find((field) => field === search.get('sort')) ?? DEFAULT_SORT,
    order: search.get('order') === 'asc' ? 'asc' : DEFAULT_ORDER,
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** The address of a view; what is usual is not written. */
export function writeFindingsView(view: FindingsView): URLSearchParams {
  const search = new URLSearchParams();
  if (JSON.stringify(view.filter) !== JSON.stringify(DEFAULT_FILTER)) search.set('filter', JSON.stringify(view.filter));
  if (view.sort !== DEFAULT_SORT) search.set('sort', view.sort);
  if (view.order !== DEFAULT_ORDER) search.set('order', view.order);
  if (view.page !== 1) search.set('page', String(view.page));
  return search;
}

/** The path of the findings room with a filter. */
export function findingsRoomPath(filter: readonly FilterToken[]): string {
  const search = writeFindingsView({ filter, sort: DEFAULT_SORT, order: DEFAULT_ORDER, page: 1 }).toString();
  return search === '' ? '/findings' : `/findings?${search}`;
}

function readFilter(text: string | null): readonly FilterToken[] {
  if (text === null) return DEFAULT_FILTER;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A cut or edited address shows the usual view.
    return DEFAULT_FILTER;
  }
  if (!Array.isArray(value)) return DEFAULT_FILTER;
  return value.slice(0, MAX_TOKENS).flatMap((token: unknown) => readToken(token) ?? []);
}

function readToken(token: unknown): FilterToken | undefined {
  if (typeof token !== 'object' || token === null) return undefined;
  const { property, operator, value } = token as Record<string, unknown>;
  const knownProperty = property === 'text' ? property : FILTER_PROPERTIES.find((each) => each === property);
  const knownOperator = OPERATORS.find((each) => each === operator);
  if (knownProperty === undefined || knownOperator === undefined || typeof value !== 'string') return undefined;
  return { property: knownProperty, operator: knownOperator, value: value.slice(0, MAX_VALUE_LENGTH) };
}
