import { section } from '#core/notification/block-kit.ts';
import type { DigestInput, MessageInput, SlackFormatter, SlackMessage } from '#core/notification/message.ts';
import { slackFormatters } from '#generated/formatters.ts';
import type { Renderer } from '#ports/renderer.ts';
import { plainDigest, plainMessage } from './plain-message.ts';
import { threadAnswer } from './thread-answer.ts';

type DigestFormatter = Extract<SlackFormatter, { for: 'digest' }>;
type Part = { readonly message: SlackMessage; readonly entries: DigestInput['entries'] };

/** Entries of a digest that is laid out plainly because its form failed. */
const PLAIN_ENTRIES = 20;

/** The renderer over every message form there is. */
export function createRenderer(formatters: readonly SlackFormatter[] = slackFormatters): Renderer {
  const byTopic = new Map(
    formatters.flatMap((formatter) =>
      formatter.for === 'topic' ? formatter.topics.map((topic) => [topic, formatter] as const) : [],
    ),
  );
  const end = formatters.find((formatter) => formatter.for === 'end');
  const digest = formatters.find((formatter) => formatter.for === 'digest');
  const message = (input: MessageInput): SlackMessage => {
    const formatter = input.action === 'resolve' ? end : byTopic.get(input.problem.observation.topic);
    return guarded(
      () => formatter?.format(input),
      () => plainMessage(input),
    );
  };
  return {
    message,
    digests: (input) => inParts(input, digest),
    reply: (input) =>
      guarded(
        () => (input.action === 'resolve' ? onlyItsText(message(input)) : threadAnswer(input)),
        () => plainMessage(input),
      ),
  };
}

// A bug in a form must not cost the message: what it should have said is said plainly.
function guarded(render: () => SlackMessage | undefined, otherwise: () => SlackMessage): SlackMessage {
  try {
    return render() ?? otherwise();
  } catch {
    return otherwise();
  }
}

function onlyItsText({ text }: SlackMessage): SlackMessage {
  return { text, blocks: [section(text)] };
}

function inParts(input: Omit<DigestInput, 'part' | 'parts'>, formatter: DigestFormatter | undefined): Part[] {
  const slices: DigestInput['entries'][] = [];
  for (let rest = input.entries; rest.length > 0; rest = rest.slice(slices.at(-1)?.length)) {
    slices.push(rest.slice(0, Math.max(1, capacityOf(formatter, rest))));
  }
  return slices.map((entries, index) => {
    const part = { ...input, entries, part: index + 1, parts: slices.length };
    return {
      entries,
      message: guarded(
        () => formatter?.format(part),
        () => plainDigest(part),
      ),
    };
  });
}

function capacityOf(formatter: DigestFormatter | undefined, entries: DigestInput['entries']): number {
  try {
    return formatter?.capacity(entries) ?? PLAIN_ENTRIES;
  } catch {
    return PLAIN_ENTRIES;
  }
}
