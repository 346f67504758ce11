import { context, header, section } from '#core/notification/block-kit.ts';
import { defineSlackFormatter, type MessageInput, type SlackMessage } from '#core/notification/message.ts';
import { texts } from '#core/text/texts.ts';
import { placeOf, withPlace } from './_layout.ts';

export const formatter = defineSlackFormatter({ id: 'resolved', for: 'end', format });

function format(input: MessageInput): SlackMessage {
  const t = texts(input.language);
  const { problem } = input;
  const frame = problem.status === 'suppressed' ? t.message.suppressedHeader : t.message.resolvedHeader;
  const title = withPlace(problem.observation.title, placeOf(input, t), frame);
  return { text: title, blocks: [header(title), section(t.resolved.over), context([t.labels.why])] };
}
