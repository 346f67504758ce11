import type { MappedSource } from '#core/lake/source/log-source.ts';
import { recogniseSource, sampleOf } from '#core/lake/source/recognise.ts';

/** The files that the syslog listener leaves: lines of all hosts and devices, in the order of their arrival. */
export const spoolKey = /\.syslog\.ndjson$/;
/** Takes every syslog line; what it does not understand stays whole as a base event. */
const catchAll = 'linux.auth';

/** The lines of a spool by the source that knows them, in their order. */
export function splitSpool(
  content: Buffer,
  sources: readonly MappedSource[],
): ReadonlyMap<MappedSource, readonly string[]> {
  const groups = new Map<MappedSource, string[]>();
  const readers = sources.filter((source) => source.decode.kind === 'lines');
  const lastOf = new Map<string, MappedSource>();
  for (const line of content.toString('utf8').split('\n')) {
    if (line === '') continue;
    const sender = /"from":"([^"]*)"/.exec(line)?.[1] ?? '';
    const source = sourceOfLine(line, readers, lastOf.get(sender));
    if (source === undefined) continue;
    lastOf.set(sender, source);
    const group = groups.get(source) ?? [];
    group.push(line);
    groups.set(source, group);
  }
  return groups;
}

/** A sender mostly sends one kind of line, so that kind is asked first. */
function sourceOfLine(
  line: string,
  sources: readonly MappedSource[],
  last: MappedSource | undefined,
): MappedSource | undefined {
  const sample = sampleOf('', Buffer.from(line));
  if (last !== undefined && last.id !== catchAll && last.recognise.content(sample)) return last;
  const recognised = recogniseSource(sources, sample);
  if (recognised.ok) return recognised.source;
  return recognised.nearest[0] ?? sources.find((source) => source.id === catchAll);
}
