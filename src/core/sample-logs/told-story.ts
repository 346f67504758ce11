import { sampleOrganization } from '#core/sample-organization/sample-organization.ts';
import type { Beat } from '#core/sample-organization/types.ts';
import { createLogWorld, type LogWorld } from './log-world.ts';
import { type JsonRecord, type ReadRecord, readBack } from './read-back.ts';
import type { SampleLogSource } from './sample-log-file.ts';
import { sampleLogFiles } from './sample-log-files.ts';

type Flow = {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly fromPort: string;
  readonly toPort: string;
  readonly action: string;
};

/** The story as the events tell it, beside the records of the logs. */
export type ToldStory = {
  readonly world: LogWorld;
  readonly beats: readonly Beat[];
  /** GuardDuty's own findings, the last state of each; samples tell of nothing. */
  readonly findings: readonly JsonRecord[];
  readonly flows: readonly Flow[];
  of(source: SampleLogSource): readonly ReadRecord[];
  beat(id: string): Beat;
  callsOf(accessKeyId: string): ReadRecord[];
};

/** Worlds in which the logs have to fit the findings: the usual one, and one that begins at an odd second. */
export const TOLD_WORLDS: readonly (readonly [seed: number, end: number])[] = [
  [20, Date.UTC(2026, 10, 24)],
  [7, Date.UTC(2026, 10, 17, 6, 41, 13)],
];

/** Reads the logs of a world back; of ordinary days there is a twentieth. */
export function toldStory(seed: number, end: number): ToldStory {
  const records = new Map<SampleLogSource, ReadRecord[]>();
  for (const file of sampleLogFiles({ seed, end, days: 14, scale: 0.05 })) {
    const known = records.get(file.source) ?? [];
    known.push(...readBack(file));
    records.set(file.source, known);
  }
  const of = (source: SampleLogSource) => records.get(source) ?? [];
  const organization = sampleOrganization({ seed, endAt: end });
  const world = createLogWorld(seed, end, 1);
  const trail = Map.groupBy(of('cloudtrail'), ({ value }) => part(value, 'userIdentity', 'accessKeyId'));
  return {
    world,
    beats: organization.story,
    findings: findingsOf(organization.events.map(({ envelope }) => envelope)),
    flows: of('vpc-flow').map(flowOf),
    of,
    beat: (id) => world.story.beat(id),
    callsOf: (accessKeyId) => trail.get(accessKeyId) ?? [],
  };
}

/** A part of a JSON value; undefined where there is none. */
export function part(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, name) => (found as JsonRecord | undefined)?.[name], value); // undefined goes through
}

/** The whole second of a moment. */
export function second(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

function flowOf({ at, line }: ReadRecord): Flow {
  const [, , , from = '', to = '', fromPort = '', toPort = '', , , , , , action = ''] = line.split(' ');
  return { at, from, to, fromPort, toPort, action };
}

function findingsOf(envelopes: readonly JsonRecord[]): JsonRecord[] {
  const latest = new Map<unknown, JsonRecord>();
  for (const envelope of envelopes) {
    const detail = envelope['detail'] as JsonRecord; // every envelope has one
    const isSample =
      part(detail, 'service', 'additionalInfo', 'sample') === true || String(detail['title']).startsWith('[SAMPLE]');
    if (envelope['detail-type'] === 'GuardDuty Finding' && !isSample) latest.set(detail['id'], detail);
  }
  return [...latest.values()];
}
