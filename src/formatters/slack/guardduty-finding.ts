import { defineSlackFormatter, type MessageInput, type SlackMessage } from '#core/notification/message.ts';
import { texts } from '#core/text/texts.ts';
import { problemMessage } from './_layout.ts';

export const formatter = defineSlackFormatter({
  id: 'guardduty-finding',
  for: 'topic',
  topics: ['guardduty-finding'],
  format,
});

function format(input: MessageInput): SlackMessage {
  const { observation } = input.problem;
  return problemMessage(input, {
    what: observation.title,
    advice: observation.advice.text ?? texts(input.language).message.genericAdvice,
    details: [],
    description: observation.description,
    canAcceptRisk: observation.accountId !== null && observation.kind !== 'account',
  });
}
