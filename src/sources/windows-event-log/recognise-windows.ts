import type { Decoded, ObjectSample } from '#core/lake/source/log-source.ts';
import { createEventLines } from './event-lines.ts';

/** Without one of these words nothing is an event of Windows; looking for them costs little. */
const telling =
  /schemas\.microsoft\.com\/win\/2004\/08\/events\/event|"winlog[".]|EventI[Dd]\\?"\s*:|"event_data"|EventID="|\\?"System\\?"\s*:|\] \[Microsoft-Windows-/;

const linesLookedAt = 200;

/** True where the sample begins with events of Windows, of whatever channel. */
export function isWindowsLog(sample: ObjectSample): boolean {
  if (!telling.test(sample.text)) return false;
  const reader = createEventLines({ key: sample.key, receivedAt: 0 }, false);
  for (const line of sample.text.split('\n', linesLookedAt)) {
    if (hasEvent(reader.line(line.endsWith('\r') ? line.slice(0, -1) : line))) return true;
  }
  return hasEvent(reader.end());
}

/** An event that was cut off, as by a relay that sends short datagrams, is an event of Windows all the same. */
function hasEvent(decoded: readonly Decoded[]): boolean {
  return decoded.some(
    (found) => found.kind === 'row' || (found.kind === 'trouble' && found.trouble.reason === 'event.truncated'),
  );
}
