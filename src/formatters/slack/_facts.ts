import type { Observation, ObservedResource } from '#core/finding/observation.ts';
import { clipped, code, escapeMrkdwn, type Mrkdwn, moment } from '#core/notification/block-kit.ts';
import type { MessageInput } from '#core/notification/message.ts';
import { accountLabel } from '#core/organization/account.ts';
import type { Texts } from '#core/text/en.ts';
import { resourceWords } from '#core/text/resource-words.ts';
import { texts } from '#core/text/texts.ts';

/** One fact of a message: its label and its value, already escaped. */
export type Detail = { readonly label: string; readonly value: Mrkdwn };

const MAX_NAME = 80;
const MAX_LABEL = 130;
const MAX_ID = 250;
const MAX_FACT = 400;

/** Cuts text from outside and says in the reader's language how much is missing. */
export function cutOf(t: Texts): (characters: number) => string {
  return (characters) => t.message.cut(String(characters));
}

/** A detail, or none when there is nothing to say. */
export function detail(label: string, value: Mrkdwn | null | undefined): Detail[] {
  return value === null || value === undefined || value === '' ? [] : [{ label, value }];
}

/** Severity, account and Region, and the owner for those who look after many teams. */
export function placeDetails(input: MessageInput): Detail[] {
  const t = texts(input.language);
  const { severity, severityStated, region } = input.problem.observation;
  const guess = severityStated ? '' : ` (${t.message.severityGuessed})`;
  return [
    ...detail(t.labels.severity, `${t.severityMarks[severity]} ${t.severities[severity]}${guess}`),
    ...detail(t.labels.account, accountText(input, t)),
    ...detail(t.labels.region, region === '' ? null : clipped(region, MAX_NAME, code)),
    ...(input.audience === 'team' || input.team === null
      ? []
      : detail(t.labels.team, clipped(input.team.name, MAX_NAME, escapeMrkdwn))),
  ];
}

function accountText({ account }: MessageInput, t: Texts): Mrkdwn {
  if (account === null) return t.message.publicEvent;
  const around = [account.environment, account.ou]
    .filter((part) => part !== null && part !== '')
    .map((part) => clipped(part ?? '', MAX_NAME, escapeMrkdwn));
  const label = clipped(accountLabel(account), MAX_LABEL, escapeMrkdwn);
  return around.length === 0 ? label : `${label}\n${around.join(' · ')}`;
}

/** The resources a problem is about: the first few, and how many more there are; null when the source names none. */
export function resourceText(
  { problem, language }: Pick<MessageInput, 'problem' | 'language'>,
  shown: number,
): Mrkdwn | null {
  const t = texts(language);
  const { resources, resourceCount } = problem.observation;
  if (resources.length === 0 || shown === 0) return null;
  const lines = resources.slice(0, shown).map((resource) => resourceLine(resource, t, language));
  const hidden = Math.max(resourceCount, resources.length) - lines.length;
  const label = resourceCount > 1 ? t.labels.resources : t.labels.resource;
  return [`*${label}:* ${lines[0]}`, ...lines.slice(1), ...(hidden > 0 ? [t.message.more(String(hidden))] : [])].join(
    '\n',
  );
}

function resourceLine(resource: ObservedResource, t: Texts, language: MessageInput['language']): Mrkdwn {
  const type = resourceWords(resource.type, language) ?? clipped(resource.type, MAX_NAME, escapeMrkdwn);
  const name = resource.name === undefined ? '' : ` (${clipped(resource.name, MAX_NAME, escapeMrkdwn)})`;
  const status =
    resource.status === undefined
      ? ''
      : ` · ${t.resourceStatuses[resource.status] ?? clipped(resource.status, MAX_NAME, escapeMrkdwn)}`;
  return `${type === '' ? '' : `${type} `}${clipped(resource.id, MAX_ID, code)}${name}${status}`;
}

/** Who or what acted, or with whom it talked, as far as the source says. */
export function actorDetails({ problem, language }: MessageInput): Detail[] {
  const t = texts(language);
  const { actor } = problem.observation;
  if (actor === null) return [];
  const isCaller = actor.principal !== undefined || actor.action !== undefined || actor.accessKeyId !== undefined;
  const around = [actor.city, actor.country, actor.network].filter((part) => part !== undefined).join(', ');
  const where = around === '' ? '' : `(${clipped(around, MAX_LABEL, escapeMrkdwn)})`;
  const address = [
    ...(actor.ip === undefined ? [] : [clipped(actor.ip, MAX_NAME, code)]),
    ...(where === '' ? [] : [where]),
  ];
  const named = (label: string, value: string | undefined): Mrkdwn[] =>
    value === undefined ? [] : [`${label} ${clipped(value, MAX_LABEL, code)}`];
  const lines = [
    ...(actor.principal === undefined ? [] : [clipped(actor.principal, MAX_ID, code)]),
    ...(address.length === 0 ? [] : [address.join(' ')]),
    ...named(t.labels.api, actor.action),
    ...named(t.labels.key, actor.accessKeyId),
  ];
  return [
    ...detail(isCaller ? t.labels.who : t.labels.peer, lines.join('\n')),
    ...detail(t.labels.domain, actor.domain === undefined ? null : clipped(actor.domain, MAX_ID, code)),
  ];
}

/** When it was seen and how often. */
export function timeDetails({ problem, language }: MessageInput): Detail[] {
  const t = texts(language);
  const times = problem.observation.count ?? problem.timesSeen;
  return [
    ...detail(t.labels.firstSeen, moment(problem.firstSeenAt)),
    ...detail(t.labels.lastSeen, moment(problem.lastSeenAt)),
    ...detail(t.labels.timesSeen, t.message.times(String(times))),
  ];
}

/** What the source adds; `shown` rewrites the values that need it. */
export function factDetails(
  { problem, language }: MessageInput,
  labels: readonly string[],
  shown: (label: string, value: string) => Mrkdwn | null = () => null,
): Detail[] {
  const t = texts(language);
  return labels.flatMap((label) => {
    const fact = problem.observation.facts.find((entry) => entry.label === label);
    if (fact === undefined || fact.value === '') return [];
    const value = shown(label, fact.value) ?? clipped(fact.value, MAX_FACT, escapeMrkdwn, cutOf(t));
    return detail(t.facts[label] ?? label, value);
  });
}

/** The value of a fact, or undefined. */
export function factOf(observation: Observation, label: string): string | undefined {
  return observation.facts.find((fact) => fact.label === label)?.value;
}
