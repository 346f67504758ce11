import { type FileVerdict, MOST_REASONS } from './read-inbox-file.ts';

const LONGEST_REASON = 500;

/** What stands in `<name>.reason.txt`: what was accepted, what was not, and what to do. */
export function reasonText(name: string, verdict: FileVerdict): string {
  const more = verdict.rejectedCount - verdict.rejected.length;
  return [
    `${printable(name)}: ${verdict.accepted} accepted, ${verdict.rejectedCount} rejected.`,
    'What was accepted need not be sent again (sending it again is harmless). Correct the rest and put the file back into the inbox.',
    '',
    ...verdict.rejected.map(({ position, reason }) => `${printable(position)}: ${printable(reason)}`),
    ...(more > 0 ? [`… and ${more} more (the first ${MOST_REASONS} are shown)`] : []),
    '',
  ].join('\n');
}

// Names and reasons repeat what somebody sent; a terminal that shows this file must not obey it.
function printable(text: string): string {
  const clean = text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  return clean.length <= LONGEST_REASON ? clean : `${clean.slice(0, LONGEST_REASON)}…`;
}
