import { clipped, escapeMrkdwn } from '#core/notification/block-kit.ts';
import { defineSlackFormatter, type MessageInput, type SlackMessage } from '#core/notification/message.ts';
import { controlWords } from '#core/text/control-words.ts';
import { texts } from '#core/text/texts.ts';
import { cutOf, factDetails, placeDetails, timeDetails } from './_facts.ts';
import { problemMessage } from './_layout.ts';
import { whatHappened } from './_what.ts';

export const formatter = defineSlackFormatter({
  id: 'securityhub-control',
  for: 'topic',
  topics: ['securityhub-control'],
  format,
});

function format(input: MessageInput): SlackMessage {
  const t = texts(input.language);
  const { observation } = input.problem;
  const { type, advice } = observation;
  return problemMessage(input, {
    what: whatHappened(observation, input.language),
    advice: controlWords(type, input.language)?.advice ?? ownAdvice(advice.text) ?? t.message.controlAdvice,
    guideUrl: advice.url,
    title: observation.title,
    details: [
      ...placeDetails(input),
      ...factDetails(input, ['standards', 'statusReason'], (label, value) =>
        label === 'standards' ? clipped(standardNames(value), 300, escapeMrkdwn, cutOf(t)) : null,
      ),
      ...timeDetails(input),
    ],
    canAcceptRisk: true,
  });
}

/** Security Hub's usual text only says that there is a guide, and the guide is linked. */
function ownAdvice(text: string | null): string | null {
  return text !== null && /^For (?:information|directions|instructions) on how to/i.test(text) ? null : text;
}

const NAMES: readonly (readonly [pattern: string, name: string])[] = [
  ['aws-foundational-security-best-practices', 'AWS FSBP'],
  ['cis-aws-foundations-benchmark', 'CIS AWS Foundations'],
  ['pci-dss', 'PCI DSS'],
  ['nist-800-53', 'NIST SP 800-53'],
  ['nist-800-171', 'NIST SP 800-171'],
  ['aws-resource-tagging-standard', 'AWS Resource Tagging'],
  ['service-managed-aws-control-tower', 'AWS Control Tower'],
];

/** `standards/pci-dss/v/4.0.1` reads as `PCI DSS 4.0.1`. */
function standardNames(ids: string): string {
  return ids
    .split(', ')
    .map((id) => {
      const name = NAMES.find(([pattern]) => id.includes(pattern))?.[1];
      const version = /\/v\/([\d.]{1,12})/.exec(id)?.[1];
      return name === undefined ? id : version === undefined ? name : `${name} ${version}`;
    })
    .join(', ');
}
