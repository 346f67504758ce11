import type { Facets, FilterToken, FindingPage, FindingSummary } from '../../src/ports/http-api.ts';
import { SEVERITIES } from './organization.ts';

function propertyValue(finding: FindingSummary, property: string): string {
  switch (property) {
    case 'account':
      return finding.account.id;
    case 'environment':
      return finding.account.environment ?? '-';
    case 'team':
      return finding.team?.id ?? '-';
    case 'assignee':
      return finding.assignedTo ?? '-';
    case 'status':
      return finding.status;
    case 'kind':
      return finding.kind;
    case 'severity':
      return finding.severity;
    case 'region':
      return finding.region;
    default:
      return finding.type;
  }
}

function textOf(finding: FindingSummary): string {
  const { key, title, type, resource, account, team } = finding;
  return [key, title, type, resource?.id, account.id, account.name, team?.name].join(' ').toLowerCase();
}

function holds(finding: FindingSummary, filter: readonly FilterToken[]): boolean {
  const alternatives = new Map<string, boolean>();
  for (const { property, operator, value } of filter) {
    const text = property === 'text' || operator === ':' || operator === '!:';
    const hit = text ? textOf(finding).includes(value.toLowerCase()) : propertyValue(finding, property) === value;
    if (operator.startsWith('!')) {
      if (hit) return false;
    } else if (text) {
      if (!hit) return false;
    } else alternatives.set(property, hit || (alternatives.get(property) ?? false));
  }
  return ![...alternatives.values()].includes(false);
}

/** A page of findings, as the server would answer. */
export function findingPage(findings: readonly FindingSummary[], query: URLSearchParams): FindingPage {
  // The console wrote it.
  const filter = JSON.parse(query.get('filter') ?? '[]') as FilterToken[];
  const sort = query.get('sort') ?? 'lastSeenAt';
  const sign = query.get('order') === 'asc' ? 1 : -1;
  const offset = Number(query.get('offset') ?? '0');
  const limit = Number(query.get('limit') ?? '50');
  const found = findings.filter((finding) => holds(finding, filter)).sort((a, b) => sign * compare(a, b, sort));
  return { items: found.slice(offset, offset + limit), total: found.length };
}

function compare(a: FindingSummary, b: FindingSummary, sort: string): number {
  switch (sort) {
    case 'severity':
      return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
    case 'title':
      return a.title.localeCompare(b.title);
    case 'timesSeen':
      return a.timesSeen - b.timesSeen;
    case 'firstSeenAt':
      return a.firstSeenAt - b.firstSeenAt;
    default:
      return a.lastSeenAt - b.lastSeenAt;
  }
}

/** The values of a property with counts of open findings. */
export function facets(findings: readonly FindingSummary[], property: string): Facets {
  const counts = new Map<string, { label: string; count: number }>();
  for (const finding of findings) {
    if (finding.status !== 'open') continue;
    const value = propertyValue(finding, property);
    const label =
      property === 'account'
        ? (finding.account.name ?? value)
        : property === 'team'
          ? (finding.team?.name ?? value)
          : value;
    counts.set(value, { label, count: (counts.get(value)?.count ?? 0) + 1 });
  }
  const values = [...counts].map(([value, found]) => ({ value, ...found })).sort((a, b) => b.count - a.count);
  return { values };
}
