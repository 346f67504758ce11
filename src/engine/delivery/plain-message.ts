import { clipped, code, escapeMrkdwn, link } from '#core/notification/block-kit.ts';
import type { Language } from '#core/notification/destination.ts';
import type { DigestInput, MessageInput, SlackMessage } from '#core/notification/message.ts';
import { accountLabel } from '#core/organization/account.ts';
import { texts } from '#core/text/texts.ts';

type Entry = DigestInput['entries'][number];

/** A message that Slack has no reason to refuse: a few short lines of text. */
export function plainMessage(input: MessageInput): SlackMessage {
  return plainDigest([input], input.language);
}

/** A digest as plain lines, one for each entry. */
export function plainDigest(entries: readonly Entry[], language: Language): SlackMessage {
  const lines = entries.map((entry) => lineOf(entry, language));
  return { text: [texts(language).message.broken, ...lines].join('\n'), blocks: [] };
}

function lineOf({ problem, account, action, consoleUrl }: Entry, language: Language): string {
  const t = texts(language);
  const { observation, key } = problem;
  const where = account === null ? t.message.everyone : accountLabel(account);
  const title = clipped(observation.title, 120, escapeMrkdwn);
  const parts = [
    `${t.severityMarks[observation.severity]} ${action === 'resolve' ? t.message.resolvedHeader(title) : title}`,
    clipped(where, 80, escapeMrkdwn),
    ...observation.resources.slice(0, 1).map((resource) => clipped(resource.id, 120, code)),
    consoleUrl === null || consoleUrl.length > 500 ? clipped(key, 200, code) : link(consoleUrl, '→'),
  ];
  return parts.join(' – ');
}
