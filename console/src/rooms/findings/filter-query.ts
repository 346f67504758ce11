import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import type { FilterToken } from '#ports/http-api.ts';
import { FILTER_PROPERTIES } from './findings-url.ts';

type Token = PropertyFilterProps.Token;

/** Tokens as Cloudscape's property filter shows them: values of one property and operator together in one token. */
export function queryOf(filter: readonly FilterToken[]): PropertyFilterProps.Query {
  const grouped = new Map<string, { propertyKey: string; operator: FilterToken['operator']; value: string[] }>();
  const tokens: Token[] = [];
  for (const { property, operator, value } of filter) {
    if (property === 'text') {
      tokens.push({ operator, value });
      continue;
    }
    if (operator === ':' || operator === '!:') {
      tokens.push({ propertyKey: property, operator, value });
      continue;
    }
    const name = `${property}${operator}`;
    const known = grouped.get(name);
    if (known !== undefined) {
      if (!known.value.includes(value)) known.value.push(value);
      continue;
    }
    const group = { propertyKey: property, operator, value: [value] };
    grouped.set(name, group);
    tokens.push(group);
  }
  return { operation: 'and', tokens };
}

/** What the property filter says, as the API wants it; tokens without a value say nothing. */
export function filterOf(query: PropertyFilterProps.Query): FilterToken[] {
  return query.tokens.flatMap((token) => {
    const operator = (['=', '!=', ':', '!:'] as const).find((each) => each === token.operator);
    const property = FILTER_PROPERTIES.find((each) => each === token.propertyKey) ?? 'text';
    if (operator === undefined) return [];
    // Text is contained or not; "equals" on free text would find nothing.
    const meant = property === 'text' ? (operator === '!=' || operator === '!:' ? '!:' : ':') : operator;
    return valuesOf(token.value).map((value) => ({ property, operator: meant, value }));
  });
}

function valuesOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values
    .filter((each): each is string => typeof each === 'string' && each.trim() !== '')
    .map((each) => each.trim());
}
