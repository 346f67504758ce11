import type { Problem } from '#core/finding/problem.ts';
import {
  actions,
  clipped,
  code,
  context,
  escapeMrkdwn,
  escapePlain,
  fields,
  header,
  linkButton,
  type Mrkdwn,
  moment,
  section,
} from '#core/notification/block-kit.ts';
import { fitMessage } from '#core/notification/fit-message.ts';
import {
  defineSlackFormatter,
  type MessageInput,
  type SlackBlock,
  type SlackMessage,
} from '#core/notification/message.ts';
import type { Texts } from '#core/text/en.ts';
import { texts } from '#core/text/texts.ts';
import { detail, resourceText } from './_facts.ts';
import { placeOf, withPlace } from './_layout.ts';
import { whatHappened } from './_what.ts';

export const formatter = defineSlackFormatter({ id: 'resolved', for: 'end', format });

const MAX_NAME = 80;

function format(input: MessageInput): SlackMessage {
  const t = texts(input.language);
  const { problem } = input;
  const frame = (words: string) =>
    `${problem.observation.sample ? `${t.message.sampleMark} ` : ''}${frameOf(problem, t)(words)}`;
  const title = (escaped: (text: string) => string) =>
    withPlace(whatHappened(problem.observation, input.language), placeOf(input, t), frame, escaped);
  const resources = resourceText(input, 3);
  const details = [
    ...(problem.resolvedAt === null ? [] : detail(t.labels.resolvedAt, moment(problem.resolvedAt))),
    ...detail(t.labels.openFor, openFor(input, t)),
  ];
  const links = [
    linkButton('yagura.open-aws', t.buttons.aws, input.sourceUrl),
    linkButton('yagura.open-console', t.buttons.yagura, input.consoleUrl),
  ].filter((element) => element !== undefined);
  const blocks: SlackBlock[] = [
    header(title(escapePlain)),
    section(howOf(input, t)),
    ...(resources === null ? [] : [section(resources)]),
    ...(details.length === 0 ? [] : [fields(details.map(({ label, value }) => `*${label}*\n${value}`))]),
    context([`${clipped(problem.observation.type, 160, code)}`, clipped(problem.key, 60, code)]),
    ...(links.length === 0 ? [] : [actions('yagura', links)]),
  ];
  return fitMessage({ text: title(escapeMrkdwn), blocks }, input.language);
}

/** An event of AWS is over; a finding is resolved. */
function frameOf({ status, observation }: Problem, t: Texts): (what: string) => string {
  if (status === 'suppressed') return t.message.suppressedHeader;
  return observation.kind === 'health' || observation.kind === 'account'
    ? t.message.overHeader
    : t.message.resolvedHeader;
}

function howOf({ problem, team }: MessageInput, t: Texts): Mrkdwn {
  if (problem.status === 'suppressed') return t.resolved.suppressed;
  const mayComeBack = (how: string) => `${how}${t.resolved.gap}${t.resolved.again}`;
  switch (problem.observation.topic) {
    case 'guardduty-finding':
      return mayComeBack(t.resolved.guardduty);
    case 'securityhub-control':
      return mayComeBack(t.resolved.control);
    case 'securityhub-vulnerability':
    case 'securityhub-finding':
      return mayComeBack(t.resolved.finding);
    case 'health-event':
      return t.resolved.health;
    case 'account-lifecycle':
      return team === null
        ? t.resolved.accountGone
        : t.resolved.accountOwned(clipped(team.name, MAX_NAME, escapeMrkdwn));
  }
}

/** How long it was open; unknown for one that came back, because the time between is not counted. */
function openFor({ problem }: MessageInput, t: Texts): string | null {
  if (problem.resolvedAt === null || problem.episode > 1 || problem.resolvedAt < problem.firstSeenAt) return null;
  const minutes = Math.floor((problem.resolvedAt - problem.firstSeenAt) / 60_000);
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor((minutes % 1_440) / 60);
  const parts = [
    ...(days > 0 ? [t.duration.days(String(days))] : []),
    ...(hours > 0 && days < 10 ? [t.duration.hours(String(hours))] : []),
    ...(minutes % 60 > 0 && days === 0 ? [t.duration.minutes(String(minutes % 60))] : []),
  ];
  return parts.length === 0 ? t.duration.under : parts.join(t.duration.join);
}
