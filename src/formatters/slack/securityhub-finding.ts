import { defineSlackFormatter, type MessageInput, type SlackMessage } from '#core/notification/message.ts';
import { findingWords } from '#core/text/finding-words.ts';
import { texts } from '#core/text/texts.ts';
import { actorDetails, placeDetails, timeDetails } from './_facts.ts';
import { problemMessage } from './_layout.ts';
import { whatHappened } from './_what.ts';

export const formatter = defineSlackFormatter({
  id: 'securityhub-finding',
  for: 'topic',
  topics: ['securityhub-finding'],
  format,
});

function format(input: MessageInput): SlackMessage {
  const t = texts(input.language);
  const { observation } = input.problem;
  const { product, type, title, advice } = observation;
  const words = findingWords(product, `${type} ${title}`, input.language);
  return problemMessage(input, {
    what: whatHappened(observation, input.language),
    advice: words.advice ?? advice.text ?? t.message.genericAdvice,
    guideUrl: advice.url,
    title,
    details: [...placeDetails(input), ...actorDetails(input), ...timeDetails(input)],
    canAcceptRisk: true,
  });
}
