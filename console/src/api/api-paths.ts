import type { FilterProperty, FilterToken } from '#ports/http-api.ts';

export const SESSION_PATH = '/session';
export const OVERVIEW_PATH = '/overview';
export const ACCOUNTS_PATH = '/accounts';
export const TEAMS_PATH = '/teams';
export const DIRECTORY_PATH = '/directory';
export const ROUTES_PATH = '/routes';
export const EXPLAIN_PATH = '/routes/explain';
export const CHANNELS_PATH = '/messages/channels';
export const DELIVERY_SUMMARY_PATH = '/deliveries/summary';
export const UNKNOWN_EVENTS_PATH = '/unknown-events';

/** A query string of the values that are set. */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const set = Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  if (set.length === 0) return '';
  return `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}`;
}

export type FindingsQuery = {
  readonly filter: readonly FilterToken[];
  readonly sort: string;
  readonly order: 'asc' | 'desc';
  readonly offset: number;
  readonly limit: number;
};

/** A page of findings. */
export function findingsPath(wanted: FindingsQuery): string {
  const { filter, sort, order, offset, limit } = wanted;
  const text = filter.length === 0 ? undefined : JSON.stringify(filter);
  return `/findings${query({ filter: text, sort, order, offset, limit })}`;
}

/** One finding, or one of the things that can be done with it. */
export function findingApiPath(key: string, action?: 'acknowledge' | 'assign' | 'accept-risk'): string {
  return `/findings/${encodeURIComponent(key)}${action === undefined ? '' : `/${action}`}`;
}

/** The values a property takes, for completion. */
export function facetsPath(property: FilterProperty): string {
  return `/findings/facets${query({ property })}`;
}

/** A page of messages, newest first. */
export function messagesPath(destination: string | undefined, before: string | undefined, limit: number): string {
  return `/messages${query({ destination, before, limit })}`;
}

/** A page of the outbox. */
export function deliveriesPath(wanted: {
  state?: string | undefined;
  destination?: string | undefined;
  offset: number;
  limit: number;
}): string {
  return `/deliveries${query(wanted)}`;
}

/** Sends one delivery again. */
export function retryPath(id: string): string {
  return `/deliveries/${encodeURIComponent(id)}/retry`;
}
