import {
  clipped,
  code,
  escapeMrkdwn,
  escapePlain,
  header,
  type Mrkdwn,
  section,
} from '#core/notification/block-kit.ts';
import { fitMessage } from '#core/notification/fit-message.ts';
import type { DigestInput, MessageInput, SlackMessage } from '#core/notification/message.ts';
import { accountLabel } from '#core/organization/account.ts';
import type { Texts } from '#core/text/en.ts';
import { texts } from '#core/text/texts.ts';

const MAX_WHERE = 100;
const MAX_TITLE = 300;
const MAX_KEY = 700;

/** What is said of a problem when its message form fails; it says that it failed. */
export function plainMessage(input: MessageInput): SlackMessage {
  const t = texts(input.language);
  const { observation, key } = input.problem;
  const severity = t.severities[observation.severity];
  const where = whereOf(input, t);
  const title = `${severity} – ${clipped(where, MAX_WHERE, escapePlain)}`;
  const facts = [
    clipped(observation.title, MAX_TITLE, escapeMrkdwn),
    clipped(observation.region, MAX_WHERE, code),
    clipped(observation.resources[0]?.id ?? '', MAX_TITLE, code),
    clipped(key, MAX_KEY, code),
  ];
  return fitMessage(
    {
      text: `${severity}: ${clipped(observation.title, MAX_TITLE, escapeMrkdwn)} – ${clipped(where, MAX_WHERE, escapeMrkdwn)}`,
      blocks: [header(title), section(t.message.broken), section(facts.join('\n'))],
    },
    input.language,
  );
}

/** The same for a digest. */
export function plainDigest({ entries, language, part, parts }: DigestInput): SlackMessage {
  const t = texts(language);
  const title = `${part}/${parts} (${entries.length})`;
  const lines = entries.map((entry) => lineOf(entry, t));
  return fitMessage(
    { text: title, blocks: [header(title), section(t.message.broken), ...lines.map(section)] },
    language,
  );
}

function lineOf(entry: DigestInput['entries'][number], t: Texts): Mrkdwn {
  const { observation, key } = entry.problem;
  const title = clipped(observation.title, MAX_WHERE, escapeMrkdwn);
  const where = clipped(whereOf(entry, t), MAX_WHERE, escapeMrkdwn);
  return `${t.severities[observation.severity]} ${title} – ${where} ${clipped(key, MAX_WHERE, code)}`;
}

function whereOf({ account }: Pick<MessageInput, 'account'>, t: Texts): string {
  return account === null ? t.message.everyone : accountLabel(account);
}
