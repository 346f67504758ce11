import { clipped, code, context, escapeMrkdwn, header, link, section } from '#core/notification/block-kit.ts';
import { type DigestInput, defineSlackFormatter, type SlackMessage } from '#core/notification/message.ts';
import { texts } from '#core/text/texts.ts';
import { placeOf } from './_layout.ts';

export const formatter = defineSlackFormatter({ id: 'digest', for: 'digest', format, capacity });

function format(input: DigestInput): SlackMessage {
  const t = texts(input.language);
  const count = String(input.entries.length);
  const part = input.parts > 1 ? ` (${t.digest.part(String(input.part), String(input.parts))})` : '';
  const title = `${t.digest[input.cause](count)}${part}`;
  const lines = input.entries.map((entry) => lineOf(entry, input));
  const blocks = [header(title)];
  for (let from = 0; from < lines.length; from += 6) blocks.push(section(lines.slice(from, from + 6).join('\n')));
  return { text: title, blocks: [...blocks, context([t.digest[`${input.cause}Note`]])] };
}

function lineOf(entry: DigestInput['entries'][number], { language }: DigestInput): string {
  const t = texts(language);
  const { observation } = entry.problem;
  const [resource] = observation.resources;
  const what = `${t.severityMarks[observation.severity]} ${clipped(observation.title, 60, escapeMrkdwn)}`;
  const target = resource === undefined ? '' : ` ${clipped(resource.name ?? resource.id, 40, code)}`;
  const more = entry.consoleUrl !== null && entry.consoleUrl.length < 200 ? ` ${link(entry.consoleUrl, '→')}` : '';
  return `${what} – ${clipped(placeOf(entry, t), 60, escapeMrkdwn)}${target}${more}`;
}

function capacity(entries: DigestInput['entries']): number {
  return Math.min(entries.length, 40);
}
