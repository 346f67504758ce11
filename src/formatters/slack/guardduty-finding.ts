import { defineSlackFormatter, type MessageInput, type SlackMessage } from '#core/notification/message.ts';
import { guardDutyWords } from '#core/text/guardduty-words.ts';
import { actorDetails, factDetails, placeDetails, timeDetails } from './_facts.ts';
import { problemMessage } from './_layout.ts';
import { whatHappened } from './_what.ts';

export const formatter = defineSlackFormatter({
  id: 'guardduty-finding',
  for: 'topic',
  topics: ['guardduty-finding'],
  format,
});

function format(input: MessageInput): SlackMessage {
  const { observation } = input.problem;
  return problemMessage(input, {
    what: whatHappened(observation, input.language),
    advice: guardDutyWords(observation.type, input.language).advice,
    title: observation.title,
    details: [
      ...placeDetails(input),
      ...actorDetails(input),
      ...factDetails(input, ['port', 'attackSequence']),
      ...timeDetails(input),
    ],
    canAcceptRisk: true,
  });
}
