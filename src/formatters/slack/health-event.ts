import { moment } from '#core/notification/block-kit.ts';
import { defineSlackFormatter, type MessageInput, type SlackMessage } from '#core/notification/message.ts';
import type { Texts } from '#core/text/en.ts';
import { healthWords } from '#core/text/health-words.ts';
import { texts } from '#core/text/texts.ts';
import { detail, factDetails, factOf, placeDetails } from './_facts.ts';
import { problemMessage } from './_layout.ts';
import { whatHappened } from './_what.ts';

export const formatter = defineSlackFormatter({
  id: 'health-event',
  for: 'topic',
  topics: ['health-event'],
  format,
});

function format(input: MessageInput): SlackMessage {
  const t = texts(input.language);
  const { observation, lastSeenAt } = input.problem;
  const words = healthWords(observation.type, factOf(observation, 'category') ?? '', input.language);
  return problemMessage(input, {
    what: whatHappened(observation, input.language),
    advice: words.advice,
    // Made of the type code, which the small print shows.
    title: null,
    resources: 5,
    details: [
      ...placeDetails(input),
      ...factDetails(input, ['service', 'category', 'healthStatus', 'startsAt', 'endsAt'], (label, value) =>
        shown(label, value, t),
      ),
      ...detail(t.labels.lastUpdate, moment(lastSeenAt)),
    ],
    canAcceptRisk: observation.accountId !== null,
  });
}

function shown(label: string, value: string, t: Texts): string | null {
  switch (label) {
    case 'startsAt':
    case 'endsAt':
      return moment(Number(value));
    case 'category':
      return t.healthCategories[value] ?? null;
    case 'healthStatus':
      return t.healthStatuses[value] ?? null;
    default:
      return null;
  }
}
