import { clipped, code, context, escapeMrkdwn, escapePlain, header, section } from '#core/notification/block-kit.ts';
import type { DigestInput, MessageInput, SlackFormatter, SlackMessage } from '#core/notification/message.ts';
import { accountLabel } from '#core/organization/account.ts';
import { reasonText } from '#core/text/reason-text.ts';
import { texts } from '#core/text/texts.ts';
import { slackFormatters } from '#generated/formatters.ts';
import type { Renderer } from '#ports/renderer.ts';

type DigestFormatter = Extract<SlackFormatter, { for: 'digest' }>;

/** The renderer over every message form there is. */
export function createRenderer(formatters: readonly SlackFormatter[] = slackFormatters): Renderer {
  const byTopic = new Map(
    formatters.flatMap((formatter) =>
      formatter.for === 'topic' ? formatter.topics.map((topic) => [topic, formatter] as const) : [],
    ),
  );
  const end = formatters.find((formatter) => formatter.for === 'end');
  const digest = formatters.find((formatter) => formatter.for === 'digest');
  return {
    message: (input) =>
      guarded(input, () => {
        const formatter = input.action === 'resolve' ? end : byTopic.get(input.problem.observation.topic);
        return formatter === undefined ? plainMessage(input) : formatter.format(input);
      }),
    digests: (input) => (digest === undefined ? [] : inParts(input, digest)),
    reply: (input) => guarded(input, () => answer(input)),
  };
}

// A bug in a form must not cost the message.
function guarded(input: MessageInput, render: () => SlackMessage): SlackMessage {
  try {
    return render();
  } catch {
    return plainMessage(input);
  }
}

function plainMessage(input: MessageInput): SlackMessage {
  const t = texts(input.language);
  const { observation, key } = input.problem;
  const where = input.account === null ? t.message.everyone : accountLabel(input.account);
  const title = `${t.severities[observation.severity]} – ${clipped(where, 100, escapePlain)}`;
  return {
    text: title,
    blocks: [
      header(title),
      section(t.message.broken),
      section(clipped(observation.title, 500, escapeMrkdwn)),
      context([clipped(key, 700, code)]),
    ],
  };
}

function answer(input: MessageInput): SlackMessage {
  const t = texts(input.language);
  const text = clipped(reasonText(input.reason, input.language), 2_000, escapeMrkdwn);
  const line = input.action === 'resolve' ? t.message.resolvedHeader(text) : t.reply.updated(text);
  return { text: line, blocks: [section(line)] };
}

function inParts(
  input: Omit<DigestInput, 'part' | 'parts'>,
  formatter: DigestFormatter,
): { message: SlackMessage; entries: DigestInput['entries'] }[] {
  const slices: DigestInput['entries'][] = [];
  for (let from = 0; from < input.entries.length; ) {
    const rest = input.entries.slice(from);
    const taken = rest.slice(0, Math.max(1, formatter.capacity(rest)));
    slices.push(taken);
    from += taken.length;
  }
  return slices.map((entries, index) => ({
    entries,
    message: formatter.format({ ...input, entries, part: index + 1, parts: slices.length }),
  }));
}
