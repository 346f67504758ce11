import type { ObjectSample } from '#core/lake/source/log-source.ts';
import { createEventLines } from './event-lines.ts';

/** Without one of these words nothing is an event of Windows; looking for them costs little. */
const telling =
  /schemas\.microsoft\.com\/win\/2004\/08\/events\/event|"winlog[".]|EventI[Dd]\\?"\s*:|"event_data"|EventID="|\\?"System\\?"\s*:|\] \[Microsoft-Windows-/;

const linesLookedAt = 200;

/** Whose events the sample begins with; undefined where they are not of Windows. */
export function windowsProduct(sample: ObjectSample): 'sysmon' | 'windows' | undefined {
  if (!telling.test(sample.text)) return undefined;
  const reader = createEventLines({ key: sample.key, receivedAt: 0 }, false);
  let lines = 0;
  for (const line of sample.text.split('\n', linesLookedAt)) {
    lines += 1;
    const product = productOf(reader.line(line.endsWith('\r') ? line.slice(0, -1) : line));
    if (product !== undefined) return product;
  }
  return lines === 0 ? undefined : productOf(reader.end());
}

function productOf(decoded: ReturnType<ReturnType<typeof createEventLines>['line']>): 'sysmon' | 'windows' | undefined {
  for (const found of decoded) {
    if (found.kind === 'row') return found.row['product'] === 'sysmon' ? 'sysmon' : 'windows';
  }
  return undefined;
}
