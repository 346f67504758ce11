import { moment } from '#core/notification/block-kit.ts';
import { defineSlackFormatter, type MessageInput, type SlackMessage } from '#core/notification/message.ts';
import { lifecycleWords } from '#core/text/lifecycle-words.ts';
import { texts } from '#core/text/texts.ts';
import { actorDetails, detail, factDetails, factOf, placeDetails } from './_facts.ts';
import { problemMessage } from './_layout.ts';
import { whatHappened } from './_what.ts';

export const formatter = defineSlackFormatter({
  id: 'account-lifecycle',
  for: 'topic',
  topics: ['account-lifecycle'],
  format,
});

function format(input: MessageInput): SlackMessage {
  const t = texts(input.language);
  const { observation, firstSeenAt } = input.problem;
  const words = lifecycleWords(factOf(observation, 'lifecycle') ?? '', input.language);
  return problemMessage(input, {
    what: whatHappened(observation, input.language),
    advice: words?.advice ?? t.message.lifecycleAdvice,
    title: null,
    // The account is named already.
    resources: 0,
    details: [
      ...placeDetails(input),
      ...factDetails(input, ['ou', 'from', 'to']),
      ...actorDetails(input),
      ...detail(t.labels.when, moment(firstSeenAt)),
    ],
    canAcceptRisk: false,
  });
}
