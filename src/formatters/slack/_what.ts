import type { Observation } from '#core/finding/observation.ts';
import type { Language } from '#core/notification/destination.ts';
import { controlWords } from '#core/text/control-words.ts';
import { findingWords, productName } from '#core/text/finding-words.ts';
import { guardDutyWords } from '#core/text/guardduty-words.ts';
import { healthWords } from '#core/text/health-words.ts';
import { lifecycleWords } from '#core/text/lifecycle-words.ts';
import { texts } from '#core/text/texts.ts';
import { factOf } from './_facts.ts';

// What AWS Health calls a service although nobody uses it as one.
const NO_SERVICES: ReadonlySet<string> = new Set(['RISK', 'ABUSE', 'SECURITY', 'BILLING', 'ACCOUNT']);

/** What happened in a few words, the same in every message about a problem; not escaped. */
export function whatHappened(observation: Observation, language: Language): string {
  const { topic, type, title } = observation;
  switch (topic) {
    case 'guardduty-finding':
      return guardDutyWords(type, language).what ?? title;
    case 'securityhub-control':
      return controlWords(type, language)?.what ?? texts(language).message.checkFailed(type, title);
    case 'securityhub-vulnerability':
      return vulnerability(observation, language);
    case 'securityhub-finding':
      return product(observation, language);
    case 'health-event':
      return healthEvent(observation, language);
    case 'account-lifecycle':
      return lifecycleWords(factOf(observation, 'lifecycle') ?? '', language)?.what ?? title;
  }
}

/** The vulnerable packages as the source lists them, `openssl 3.0.2 → 3.0.13`. */
export function packagesOf(observation: Observation): string[] {
  const packages = factOf(observation, 'packages');
  return packages === undefined ? [] : packages.split(', ');
}

/** The id of the vulnerability, such as `CVE-2026-12345`; null for findings that have none. */
export function vulnerabilityOf(observation: Observation): string | null {
  const id = factOf(observation, 'vulnerability');
  return id !== undefined && /^[A-Z]{2,10}-/.test(id) ? id : null;
}

function vulnerability(observation: Observation, language: Language): string {
  const { vulnerability: say } = texts(language);
  const id = vulnerabilityOf(observation);
  if (id === null) return observation.title;
  const name = packagesOf(observation)[0]?.split(' ')[0];
  return name === undefined ? say.known(id) : say.inPackage(id, name);
}

function product({ product: id, type, title }: Observation, language: Language): string {
  const what = findingWords(id, `${type} ${title}`, language).what ?? title;
  return `${productName(id)}: ${what.replace('{title}', () => title)}`;
}

function healthEvent(observation: Observation, language: Language): string {
  const service = factOf(observation, 'service') ?? '';
  const prefix = service === '' || NO_SERVICES.has(service) ? '' : `${service}: `;
  const words = healthWords(observation.type, factOf(observation, 'category') ?? '', language);
  if (words.what !== null) return `${prefix}${words.what}`;
  // The type code says more than its category, but in English.
  return language === 'en' || words.category === null
    ? observation.title
    : `${prefix}${words.category}（${observation.title}）`;
}
