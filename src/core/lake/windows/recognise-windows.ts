import type { Decoded, ObjectSample } from '#core/lake/source/log-source.ts';
import { createEventLines } from './event-lines.ts';

/** Without one of these words nothing is an event of Windows; looking for them costs little. */
const telling =
  /schemas\.microsoft\.com\/win\/2004\/08\/events\/event|"winlog[".]|EventI[Dd]\\?"\s*:|"event_data"|EventID="|\\?"System\\?"\s*:|\] \[Microsoft-Windows-/;

const linesLookedAt = 200;

export type WindowsProduct = 'sysmon' | 'windows';

/** Whose events the sample begins with; undefined where they are not of Windows. */
export function windowsProduct(sample: ObjectSample): WindowsProduct | undefined {
  if (!telling.test(sample.text)) return undefined;
  const reader = createEventLines({ key: sample.key, receivedAt: 0 }, false);
  let torn: WindowsProduct | undefined;
  for (const line of sample.text.split('\n', linesLookedAt)) {
    const decoded = reader.line(line.endsWith('\r') ? line.slice(0, -1) : line);
    const product = productOf(decoded);
    if (product !== undefined) return product;
    torn ??= tornProduct(decoded);
  }
  const last = reader.end();
  return productOf(last) ?? torn ?? tornProduct(last);
}

function productOf(decoded: readonly Decoded[]): WindowsProduct | undefined {
  for (const found of decoded) {
    if (found.kind === 'row') return found.row['product'] === 'sysmon' ? 'sysmon' : 'windows';
  }
  return undefined;
}

/** An event that was cut off, as by a relay that sends short datagrams, is an event of Windows all the same. */
function tornProduct(decoded: readonly Decoded[]): WindowsProduct | undefined {
  for (const found of decoded) {
    if (found.kind === 'trouble' && found.trouble.reason === 'event.truncated')
      return found.raw.includes('Microsoft-Windows-Sysmon') ? 'sysmon' : 'windows';
  }
  return undefined;
}
