import type { FindingDetail } from '#ports/http-api.ts';
import type { Speech } from '../../i18n/texts-context.tsx';

const ACTOR_FIELDS = [
  'ip',
  'country',
  'city',
  'network',
  'domain',
  'principal',
  'accessKeyId',
  'action',
] as const satisfies readonly (keyof NonNullable<FindingDetail['observation']['actor']>)[];

/** Who or what acted, as far as the finding says. */
export function actorPairs(
  actor: FindingDetail['observation']['actor'],
  t: Speech['t'],
): { label: string; value: string }[] {
  return ACTOR_FIELDS.flatMap((field) => {
    const value = actor?.[field];
    return value === undefined ? [] : [{ label: t(`actor.${field}`), value }];
  });
}

/** Facts that have a name in the catalog. */
const FACTS = ['start', 'end', 'service', 'category', 'control', 'standards', 'cve'] as const;

/** The name of a fact; one that is not in the catalog is shown by its own word. */
export function factLabel(label: string, t: Speech['t']): string {
  const known = FACTS.find((fact) => fact === label);
  return known === undefined ? wordsOf(label) : t(`fact.${known}`);
}

function wordsOf(label: string): string {
  const words = label
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[-_.]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
