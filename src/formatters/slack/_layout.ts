import type { Observation } from '#core/finding/observation.ts';
import {
  actions,
  button,
  clipped,
  code,
  context,
  escapeMrkdwn,
  escapePlain,
  fields,
  header,
  LIMITS,
  linkButton,
  type Mrkdwn,
  moment,
  plainSection,
  problemReference,
  section,
} from '#core/notification/block-kit.ts';
import type { MessageInput, SlackBlock, SlackMessage } from '#core/notification/message.ts';
import { accountLabel } from '#core/organization/account.ts';
import type { Texts } from '#core/text/en.ts';
import { reasonText } from '#core/text/reason-text.ts';
import { texts } from '#core/text/texts.ts';

/** One fact of a message: its label and its value, already escaped. */
export type Detail = { readonly label: string; readonly value: Mrkdwn };

/** What a message form says; everything else is the same in all of them. Texts are not escaped yet. */
export type Parts = {
  /** What happened, in a few words. */
  readonly what: string;
  readonly advice: string;
  readonly guideUrl?: string | null;
  /** Why it came to this, when an investigation knows. */
  readonly cause?: string;
  readonly details: readonly Detail[];
  /** The source's own words. */
  readonly description: string;
  readonly canAcceptRisk: boolean;
};

const MAX_ADVICE = 900;
const MAX_DETAIL = 400;
const MAX_DESCRIPTION = 1_200;
const MAX_NAME = 80;

/** The message of an open problem. */
export function problemMessage(input: MessageInput, parts: Parts): SlackMessage {
  const t = texts(input.language);
  const { observation } = input.problem;
  const title = headline(input, parts.what);
  const blocks: SlackBlock[] = [
    header(title),
    ...warnings(input, t).map(section),
    section(adviceText(parts, t)),
    ...inTens([...commonDetails(input, t), ...parts.details]),
    ...(parts.description.trim() === ''
      ? []
      : [plainSection(clipped(parts.description, MAX_DESCRIPTION, escapePlain, cutOf(t)))]),
    context(smallPrint(input, observation, t)),
    actions('yagura', buttons(input, parts, t)),
  ];
  return { text: title, blocks };
}

/** Severity, what and where in one line that ends with the account, whatever has to be cut before it. */
export function headline(input: MessageInput, what: string): string {
  const t = texts(input.language);
  const { severity, sample } = input.problem.observation;
  const head = (words: string) => t.message.header(t.severityMarks[severity], t.severities[severity], words);
  const mark = sample ? `${t.message.sampleMark} ` : '';
  return withPlace(what, placeOf(input, t), (words) => `${mark}${head(words)}`);
}

/** Puts the place behind the words and cuts the words. */
export function withPlace(what: string, place: string, frame: (words: string) => string): string {
  const where = clipped(place, 90, escapePlain);
  const room = LIMITS.header - frame('').length - where.length - ' – '.length;
  return `${frame(clipped(what, Math.max(room, 10), escapePlain))} – ${where}`;
}

/** The account a message is about, as its label. */
export function placeOf(input: Pick<MessageInput, 'account'>, t: Texts): string {
  return input.account === null ? t.message.everyone : accountLabel(input.account);
}

export function cutOf(t: Texts): (characters: number) => string {
  return (characters) => t.message.cut(String(characters));
}

function warnings(input: MessageInput, t: Texts): Mrkdwn[] {
  const { problem, ownership } = input;
  return [
    ...(problem.observation.sample ? [t.message.sample] : []),
    ...(ownership === 'no-owner' ? [t.message.noOwner] : []),
    ...(ownership === 'unknown-account' ? [t.message.unknownAccount] : []),
  ];
}

function adviceText(parts: Parts, t: Texts): Mrkdwn {
  const advice = `*${t.labels.whatToDo}:* ${clipped(parts.advice, MAX_ADVICE, escapeMrkdwn, cutOf(t))}`;
  const cause =
    parts.cause === undefined
      ? ''
      : `\n*${t.labels.cause}:* ${clipped(parts.cause, MAX_ADVICE, escapeMrkdwn, cutOf(t))}`;
  return `${advice}${cause}`;
}

function commonDetails(input: MessageInput, t: Texts): Detail[] {
  const { observation } = input.problem;
  const detail = (label: string, value: Mrkdwn | undefined): Detail[] =>
    value === undefined || value === '' ? [] : [{ label, value }];
  return [
    ...detail(t.labels.severity, `${t.severityMarks[observation.severity]} ${t.severities[observation.severity]}`),
    ...detail(t.labels.account, accountText(input, t)),
    ...detail(t.labels.region, code(observation.region)),
    ...detail(t.labels.resource, resourceText(observation, t)),
    ...detail(t.labels.who, actorText(observation, t)),
    ...detail(t.labels.firstSeen, moment(input.problem.firstSeenAt)),
    ...detail(t.labels.lastSeen, lastSeen(input, t)),
  ];
}

function lastSeen(input: MessageInput, t: Texts): Mrkdwn {
  const { observation, lastSeenAt } = input.problem;
  const times = observation.count === null ? '' : ` (${t.message.times(String(observation.count))})`;
  return `${moment(lastSeenAt)}${times}`;
}

function accountText(input: MessageInput, t: Texts): Mrkdwn | undefined {
  const { account } = input;
  if (account === null) return t.message.publicEvent;
  const more = [account.environment, account.ou]
    .filter((part) => part !== null && part !== '')
    .map((part) => clipped(part ?? '', MAX_NAME, escapeMrkdwn));
  return [clipped(accountLabel(account), 120, escapeMrkdwn), ...more].join('\n');
}

function resourceText(observation: Observation, t: Texts): Mrkdwn | undefined {
  const [first] = observation.resources;
  if (first === undefined) return undefined;
  const others = observation.resourceCount - 1;
  const name = first.name === undefined ? '' : ` (${clipped(first.name, MAX_NAME, escapeMrkdwn)})`;
  const more = others > 0 ? ` ${t.message.more(String(others))}` : '';
  return `${clipped(first.type, MAX_NAME, escapeMrkdwn)}\n${clipped(first.id, 250, code)}${name}${more}`;
}

function actorText({ actor }: Observation, t: Texts): Mrkdwn | undefined {
  if (actor === null) return undefined;
  const place = [actor.city, actor.country, actor.network].filter((part) => part !== undefined);
  const lines = [
    actor.principal === undefined ? undefined : clipped(actor.principal, 200, code),
    actor.ip === undefined
      ? undefined
      : `${clipped(actor.ip, MAX_NAME, code)}${place.length === 0 ? '' : ` (${clipped(place.join(', '), 120, escapeMrkdwn)})`}`,
    actor.action === undefined ? undefined : `${t.labels.api} ${clipped(actor.action, MAX_NAME, code)}`,
    actor.accessKeyId === undefined ? undefined : `${t.labels.key} ${clipped(actor.accessKeyId, MAX_NAME, code)}`,
    actor.domain === undefined ? undefined : `${t.labels.domain} ${clipped(actor.domain, MAX_NAME, code)}`,
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

function inTens(details: readonly Detail[]): SlackBlock[] {
  const lines = details.map(({ label, value }) => `*${label}*\n${value}`);
  const blocks: SlackBlock[] = [];
  for (let from = 0; from < lines.length; from += LIMITS.fields)
    blocks.push(fields(lines.slice(from, from + LIMITS.fields)));
  return blocks;
}

function smallPrint(input: MessageInput, observation: Observation, t: Texts): Mrkdwn[] {
  const { problem } = input;
  return [
    ...(problem.acknowledgedBy === null
      ? []
      : [t.message.acknowledgedBy(clipped(problem.acknowledgedBy, MAX_NAME, escapeMrkdwn))]),
    ...(problem.assignedTo === null ? [] : [t.message.assignedTo(clipped(problem.assignedTo, MAX_NAME, escapeMrkdwn))]),
    clipped(observation.type, MAX_DETAIL, code),
    clipped(problem.key, MAX_NAME, code),
    `${t.labels.why}: ${clipped(reasonText(input.reason, input.language), MAX_DETAIL, escapeMrkdwn)}`,
  ];
}

function buttons(input: MessageInput, parts: Parts, t: Texts): Readonly<Record<string, unknown>>[] {
  const value = problemReference(input.problem.key);
  return [
    button('yagura.acknowledge', t.buttons.acknowledge, value, 'primary'),
    button('yagura.assign', t.buttons.assign, value),
    ...(parts.canAcceptRisk ? [button('yagura.accept-risk', t.buttons.acceptRisk, value)] : []),
    button('yagura.why', t.buttons.why, value),
    linkButton('yagura.open-aws', t.buttons.aws, input.sourceUrl),
    linkButton('yagura.open-console', t.buttons.yagura, input.consoleUrl),
  ].filter((element) => element !== undefined);
}
