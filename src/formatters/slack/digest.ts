import { SEVERITIES, severityRank } from '#core/finding/severity.ts';
import {
  clipped,
  code,
  context,
  escapeMrkdwn,
  header,
  LIMITS,
  link,
  type Mrkdwn,
  section,
} from '#core/notification/block-kit.ts';
import type { Language } from '#core/notification/destination.ts';
import { fitMessage } from '#core/notification/fit-message.ts';
import {
  type DigestInput,
  defineSlackFormatter,
  type SlackBlock,
  type SlackMessage,
} from '#core/notification/message.ts';
import type { Texts } from '#core/text/en.ts';
import { texts } from '#core/text/texts.ts';
import { placeOf } from './_layout.ts';
import { whatHappened } from './_what.ts';

export const formatter = defineSlackFormatter({ id: 'digest', for: 'digest', format, capacity });

type Entry = DigestInput['entries'][number];

const MAX_WHAT = 90;
const MAX_RESOURCE = 60;
const MAX_PLACE = 90;
/** A longer address would cost the room of two more findings. */
const MAX_LINK = 220;
/** Header, note, the fallback text and the link to everything. */
const FRAME = 1_500;
/** What may still be lost at the end of a paragraph because the next line does not fit. */
const PARAGRAPH = LIMITS.section - 500;

function format(input: DigestInput): SlackMessage {
  const t = texts(input.language);
  const part = input.parts > 1 ? ` (${t.digest.part(String(input.part), String(input.parts))})` : '';
  const title = `${t.digest[input.cause](String(input.entries.length))}${part}`;
  const blocks: SlackBlock[] = [
    header(title),
    context([
      t.digest[`${input.cause}Note`],
      ...(input.consoleUrl === null ? [] : [link(input.consoleUrl, t.buttons.yagura)]),
    ]),
    ...inParagraphs(groupedLines(input.entries, input.language)).map(section),
  ];
  return fitMessage({ text: `${title} – ${bySeverity(input.entries, t)}`, blocks }, input.language);
}

/** How many of the first entries one message holds, whatever its language. */
function capacity(entries: DigestInput['entries']): number {
  return Math.min(fitting(entries, 'en'), fitting(entries, 'ja'));
}

function fitting(entries: DigestInput['entries'], language: Language): number {
  const t = texts(language);
  const places = new Set<string>();
  let used = FRAME;
  for (const [index, entry] of entries.entries()) {
    const place = placeOf(entry, t);
    // The widest heading an account can get; the counts are not known yet.
    if (!places.has(place)) used += heading([entry], t).length + 40;
    places.add(place);
    used += lineOf(entry, language).length + 1;
    if (used + LIMITS.perBlock * Math.ceil(used / PARAGRAPH) > LIMITS.message) return index;
  }
  return entries.length;
}

/** Accounts with the worst problems first, in each the worst problems first. */
function groupedLines(entries: DigestInput['entries'], language: Language): Mrkdwn[] {
  const t = texts(language);
  const groups = [...Map.groupBy(entries, (entry) => placeOf(entry, t)).values()].map((group) =>
    group.toSorted(worstFirst),
  );
  return groups
    .toSorted(([a], [b]) => (a === undefined || b === undefined ? 0 : worstFirst(a, b)))
    .flatMap((group, index) => [
      `${index === 0 ? '' : '\n'}${heading(group, t)}`,
      ...group.map((entry) => lineOf(entry, language)),
    ]);
}

function worstFirst(a: Entry, b: Entry): number {
  const difference = urgency(b) - urgency(a);
  if (difference !== 0) return difference;
  const [first, second] = [a.problem.observation.type, b.problem.observation.type];
  return first < second ? -1 : first > second ? 1 : 0;
}

function urgency(entry: Entry): number {
  return isOver(entry) ? -1 : severityRank(entry.problem.observation.severity);
}

function heading(group: readonly Entry[], t: Texts): Mrkdwn {
  const [first] = group;
  if (first === undefined) return '';
  const kinds = [...Map.groupBy(group, (entry) => entry.problem.observation.kind)].map(
    ([kind, members]) => `${t.kinds[kind]} ${members.length}`,
  );
  const where = first.account === null ? t.digest.noAccount : clipped(placeOf(first, t), MAX_PLACE, escapeMrkdwn);
  const owner =
    first.ownership === 'no-owner' || first.ownership === 'unknown-account' ? ` · ${t.digest[first.ownership]}` : '';
  return `*${where}* · ${kinds.join(t.comma)}${owner}`;
}

/** One problem: how bad, what, on which resource, and the way to it. */
function lineOf(entry: Entry, language: Language): Mrkdwn {
  const t = texts(language);
  const { observation } = entry.problem;
  const [resource] = observation.resources;
  const what = clipped(whatHappened(observation, language), MAX_WHAT, escapeMrkdwn);
  const address = [entry.consoleUrl, entry.sourceUrl].find((url) => url !== null && url.length <= MAX_LINK) ?? null;
  const others = observation.resourceCount > 1 ? ` ${t.message.more(String(observation.resourceCount - 1))}` : '';
  const target =
    resource === undefined ? '' : ` ${clipped(resource.name ?? shortId(resource.id), MAX_RESOURCE, code)}${others}`;
  return `${markOf(entry, t)} ${link(address, what)}${target}`;
}

function markOf({ action, problem }: Entry, t: Texts): string {
  const { severity, sample } = problem.observation;
  const words = [
    ...(isOver({ action, problem })
      ? [`✅ ${t.digest.resolved}`]
      : [`${t.severityMarks[severity]} ${t.severities[severity]}`]),
    ...(action === 'update' && problem.status === 'open' ? [t.digest.updated] : []),
    ...(sample ? [t.message.sampleMark] : []),
  ];
  return words.join(' ');
}

function isOver({ action, problem }: Pick<Entry, 'action' | 'problem'>): boolean {
  // What happened to an account is no problem that could be resolved.
  return action === 'resolve' || (problem.status !== 'open' && problem.observation.kind !== 'account');
}

/** The last part of an ARN tells resources of one account apart. */
function shortId(id: string): string {
  return id.startsWith('arn:') ? id.split(':').slice(5).join(':') || id : id;
}

function inParagraphs(lines: readonly Mrkdwn[]): Mrkdwn[] {
  const done: Mrkdwn[] = [];
  let open = '';
  for (const line of lines) {
    if (open !== '' && open.length + line.length + 1 > LIMITS.section) {
      done.push(open);
      open = '';
    }
    open = open === '' ? line.trim() : `${open}\n${line}`;
  }
  return open === '' ? done : [...done, open];
}

function bySeverity(entries: DigestInput['entries'], t: Texts): string {
  const counted = SEVERITIES.toReversed().map((severity) => ({
    severity,
    count: entries.filter(({ problem }) => problem.observation.severity === severity).length,
  }));
  return counted
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${t.severities[severity]} ${count}`)
    .join(t.comma);
}
