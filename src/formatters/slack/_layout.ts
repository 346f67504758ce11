import {
  actions,
  button,
  clipped,
  code,
  context,
  escapeMrkdwn,
  escapeParagraphs,
  escapePlain,
  fields,
  header,
  LIMITS,
  link,
  linkButton,
  type Mrkdwn,
  plainSection,
  problemReference,
  section,
} from '#core/notification/block-kit.ts';
import { fitMessage } from '#core/notification/fit-message.ts';
import type { MessageInput, SlackBlock, SlackMessage } from '#core/notification/message.ts';
import { accountLabel } from '#core/organization/account.ts';
import type { Texts } from '#core/text/en.ts';
import { productName } from '#core/text/finding-words.ts';
import { reasonText } from '#core/text/reason-text.ts';
import { texts } from '#core/text/texts.ts';
import { cutOf, type Detail, resourceText } from './_facts.ts';

/** What a message form says; everything else is the same in all of them. Texts are not escaped yet. */
export type Parts = {
  /** What happened, in a few words. */
  readonly what: string;
  readonly advice: string;
  /** The source's own instructions. */
  readonly guideUrl?: string | null;
  /** Why it came to this, when an investigation knows. */
  readonly cause?: string;
  /** The source's own title; null when our words say the same. */
  readonly title: string | null;
  /** How many resources are listed. */
  readonly resources?: number;
  readonly details: readonly Detail[];
  /** False where there is no risk to accept: notices, lifecycle, public events. */
  readonly canAcceptRisk: boolean;
};

const MAX_ADVICE = 900;
const MAX_DESCRIPTION = 1_500;
const MAX_TYPE = 160;
const MAX_KEY = 60;
const MAX_REASON = 300;
const MAX_PERSON = 80;
const MAX_PLACE = 100;

/** The message of a problem: what and where, what to do, the facts, small print, buttons. */
export function problemMessage(input: MessageInput, parts: Parts): SlackMessage {
  const t = texts(input.language);
  const states = stateLine(input, t);
  const words = sourceWords(input, parts);
  const resources = resourceText(input, parts.resources ?? 3);
  const blocks: SlackBlock[] = [
    header(headline(input, parts.what, escapePlain)),
    ...warnings(input, t).map(section),
    section(adviceText(input, parts, t)),
    ...(states.length === 0 ? [] : [context(states)]),
    ...(resources === null ? [] : [section(resources)]),
    ...inTens(parts.details),
    ...(words === '' ? [] : [plainSection(clipped(words, MAX_DESCRIPTION, escapeParagraphs, cutOf(t)))]),
    context(smallPrint(input, t)),
    actions('yagura', buttons(input, parts, t)),
  ];
  return fitMessage({ text: headline(input, parts.what, escapeMrkdwn), blocks }, input.language);
}

/** Severity, what and where in one line that ends with the account, whatever has to be cut before it. */
export function headline(input: MessageInput, what: string, escaped: (text: string) => string): string {
  const t = texts(input.language);
  const { observation } = input.problem;
  const sample = observation.sample ? `${t.message.sampleMark} ` : '';
  const severity = t.severities[observation.severity];
  const mark = `${sample}${t.severityMarks[observation.severity]} ${severity}`;
  return withPlace(
    what,
    placeOf(input, t),
    (words) => (isPast(input.problem) ? t.message.headerOver(mark, words) : t.message.header(mark, words)),
    escaped,
  );
}

/** Puts the place behind the words and cuts the words where both are too long. */
export function withPlace(
  what: string,
  place: string,
  frame: (words: string) => string,
  escaped: (text: string) => string,
): string {
  const where = clipped(place, MAX_PLACE, escaped);
  const room = LIMITS.header - frame('').length - where.length - ' – '.length;
  return `${frame(clipped(what, room, escaped))} – ${where}`;
}

/** The account a message is about, as its label. */
export function placeOf(input: Pick<MessageInput, 'account'>, t: Texts): string {
  return input.account === null ? t.message.everyone : accountLabel(input.account);
}

/** True for what ended. What happened to an account is over when it is told, and its advice is still good. */
function isPast({ status, observation }: MessageInput['problem']): boolean {
  return status !== 'open' && observation.kind !== 'account';
}

function warnings({ problem, ownership }: MessageInput, t: Texts): Mrkdwn[] {
  return [
    ...(problem.observation.sample ? [t.message.sample] : []),
    ...(ownership === 'no-owner' ? [t.message.noOwner] : []),
    // Of an account that just came or went the directory knows nothing yet, or nothing any more.
    ...(ownership === 'unknown-account' && problem.observation.topic !== 'account-lifecycle'
      ? [t.message.unknownAccount]
      : []),
  ];
}

function adviceText({ problem }: MessageInput, parts: Parts, t: Texts): Mrkdwn {
  const needed = isPast(problem) ? t.message.overAdvice : parts.advice;
  const advice = problem.observation.sample ? t.message.sampleAdvice(needed) : needed;
  const paragraph = (label: string, words: string) =>
    `*${label}:* ${clipped(words, MAX_ADVICE, escapeMrkdwn, cutOf(t))}`;
  const guide =
    parts.guideUrl === undefined || parts.guideUrl === null ? '' : ` ${link(parts.guideUrl, t.labels.guide)}`;
  const cause = parts.cause === undefined ? '' : `\n${paragraph(t.labels.cause, parts.cause)}`;
  return `${paragraph(t.labels.whatToDo, advice)}${guide}${cause}`;
}

/** What has happened to the problem since it was first told. */
function stateLine({ problem, reason, action }: MessageInput, t: Texts): Mrkdwn[] {
  const person = (name: string) => clipped(name, MAX_PERSON, escapeMrkdwn);
  const changed = action === 'update' && reason.code === 'told-before' ? reason.changed : [];
  return [
    ...(problem.episode > 1 ? [t.message.cameBack(String(problem.episode))] : []),
    ...(changed.length === 0 ? [] : [t.message.updated(changed.map((name) => t.changes[name] ?? name).join(t.comma))]),
    ...(reason.code === 'no-owner-yet' ? [t.message.noOwnerYet(String(reason.days))] : []),
    ...(problem.acknowledgedBy === null ? [] : [t.message.acknowledgedBy(person(problem.acknowledgedBy))]),
    ...(problem.assignedTo === null ? [] : [t.message.assignedTo(person(problem.assignedTo))]),
    ...(problem.exceptionId === null ? [] : [t.message.riskAccepted]),
  ];
}

function inTens(details: readonly Detail[]): SlackBlock[] {
  const texts = details.map(({ label, value }) => `*${label}*\n${value}`);
  const blocks: SlackBlock[] = [];
  for (let from = 0; from < texts.length; from += LIMITS.fields)
    blocks.push(fields(texts.slice(from, from + LIMITS.fields)));
  return blocks;
}

/** The source's title and its description, each unless it says nothing new. */
function sourceWords({ problem }: MessageInput, { what, title }: Parts): string {
  const description = problem.observation.description.trim();
  const isSaid = title === null || what.includes(title);
  return [...(isSaid ? [] : [title]), ...(description === title?.trim() ? [] : [description])].join('\n').trim();
}

function smallPrint(input: MessageInput, t: Texts): Mrkdwn[] {
  const { observation, key } = input.problem;
  return [
    `${clipped(productName(observation.product), MAX_PERSON, escapeMrkdwn)} ${clipped(observation.type, MAX_TYPE, code)}`,
    `${t.labels.why}: ${clipped(reasonText(input.reason, input.language), MAX_REASON, escapeMrkdwn)}`,
    clipped(key, MAX_KEY, code),
  ];
}

function buttons(input: MessageInput, parts: Parts, t: Texts): Readonly<Record<string, unknown>>[] {
  const { problem, sourceUrl, consoleUrl } = input;
  const value = problemReference(problem.key);
  return [
    ...(problem.acknowledgedBy === null ? [button('yagura.acknowledge', t.buttons.acknowledge, value, 'primary')] : []),
    button('yagura.assign', t.buttons.assign, value),
    ...(parts.canAcceptRisk ? [button('yagura.accept-risk', t.buttons.acceptRisk, value)] : []),
    button('yagura.why', t.buttons.why, value),
    linkButton('yagura.open-aws', t.buttons.aws, sourceUrl),
    linkButton('yagura.open-console', t.buttons.yagura, consoleUrl),
  ].filter((element) => element !== undefined);
}
