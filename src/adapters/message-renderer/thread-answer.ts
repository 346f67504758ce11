import { clipped, escapeMrkdwn, type Mrkdwn, moment, section } from '#core/notification/block-kit.ts';
import { fitMessage } from '#core/notification/fit-message.ts';
import type { MessageInput, SlackMessage } from '#core/notification/message.ts';
import { reasonText } from '#core/text/reason-text.ts';
import { texts } from '#core/text/texts.ts';

const MAX_WORDS = 1_000;
const MAX_NAME = 80;

/** The short answer in a thread: what changed and what it is now. */
export function threadAnswer(input: MessageInput): SlackMessage {
  const { reason, language } = input;
  const t = texts(language);
  if (reason.code === 'no-owner-yet') return said(t.message.noOwnerYet(String(reason.days)), language);
  const changed = reason.code === 'told-before' ? reason.changed : [];
  const lines = sayingOnce(changed).map((name) => lineOf(name, input));
  const text = [
    t.reply.updated,
    ...(lines.length === 0 ? [clipped(reasonText(reason, language), MAX_WORDS, escapeMrkdwn)] : lines),
  ].join('\n');
  return said(text, language);
}

function said(text: Mrkdwn, language: MessageInput['language']): SlackMessage {
  return fitMessage({ text, blocks: [section(text)] }, language);
}

/** A new communication of AWS Health is its new description. */
function sayingOnce(changed: readonly string[]): readonly string[] {
  return changed.includes('communication') ? changed.filter((name) => name !== 'description') : changed;
}

function lineOf(name: string, input: MessageInput): Mrkdwn {
  const t = texts(input.language);
  const label = t.changes[name] ?? name;
  const value = valueNow(name, input);
  if (value === undefined) return t.reply.changed(label);
  return value === '' ? t.reply.removed(label) : t.reply.now(label, value);
}

/** The value as it is now, already escaped; empty when there is none any more, undefined when it cannot be said shortly. */
function valueNow(name: string, { problem, language }: MessageInput): Mrkdwn | undefined {
  const t = texts(language);
  const { observation } = problem;
  const outside = (value: string, most: number) =>
    clipped(value, most, escapeMrkdwn, (missing) => t.message.cut(String(missing)));
  switch (name) {
    case 'severity':
      return `${t.severityMarks[observation.severity]} ${t.severities[observation.severity]}`;
    case 'count':
      return observation.count === null ? undefined : t.message.times(String(observation.count));
    case 'status': {
      const status = observation.marks['status'] ?? '';
      return t.healthStatuses[status] ?? outside(status, MAX_NAME);
    }
    case 'start':
    case 'end': {
      const at = observation.marks[name] ?? '';
      return at === '' ? '' : moment(Number(at));
    }
    case 'communication':
    case 'description':
      return outside(observation.description, MAX_WORDS);
    case 'resources':
      return t.message.resourceCount(String(observation.resourceCount));
    case 'acknowledged':
      return outside(problem.acknowledgedBy ?? '', MAX_NAME);
    case 'assigned':
      return outside(problem.assignedTo ?? '', MAX_NAME);
    case 'exception':
      return problem.exceptionId === null ? '' : t.message.yes;
    default:
      return undefined;
  }
}
