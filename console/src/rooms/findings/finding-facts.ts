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
const FACTS = [
  'attackSequence',
  'category',
  'cvss',
  'endsAt',
  'epss',
  'exploitAvailable',
  'fixAvailable',
  'from',
  'healthStatus',
  'lifecycle',
  'ou',
  'packages',
  'port',
  'service',
  'standards',
  'startsAt',
  'statusReason',
  'to',
  'vulnerability',
] as const;
const TIMES: readonly string[] = ['startsAt', 'endsAt'];

/** A fact to read: one that is not in the catalog is shown by its own word, times are written as times. */
export function factPair(
  fact: { readonly label: string; readonly value: string },
  { t, time }: Pick<Speech, 't' | 'time'>,
): { label: string; value: string } {
  const known = FACTS.find((name) => name === fact.label);
  const label = known === undefined ? wordsOf(fact.label) : t(`fact.${known}`);
  const at = Number(fact.value);
  if (TIMES.includes(fact.label) && Number.isFinite(at)) return { label, value: time.minute(at) };
  return { label, value: wordOf(fact, t) ?? fact.value };
}

const HEALTH_CATEGORIES = ['issue', 'investigation', 'scheduledChange', 'accountNotification'] as const;
const HEALTH_STATUSES = ['open', 'closed', 'upcoming'] as const;

/** The words of AWS Health that people have words of their own for. */
function wordOf(fact: { readonly label: string; readonly value: string }, t: Speech['t']): string | undefined {
  const category = fact.label === 'category' ? HEALTH_CATEGORIES.find((word) => word === fact.value) : undefined;
  if (category !== undefined) return t(`health-category.${category}`);
  const status = fact.label === 'healthStatus' ? HEALTH_STATUSES.find((word) => word === fact.value) : undefined;
  return status === undefined ? undefined : t(`health-status.${status}`);
}

function wordsOf(label: string): string {
  const words = label
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[-_.]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
