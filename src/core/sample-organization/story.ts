import type { BeatLine, CallLine } from './beat-line.ts';
import { type Calendar, MINUTE, SECOND } from './calendar.ts';
import { accountIdOf, HOME_REGION } from './cast-accounts.ts';
import { incidentBeats } from './story-incidents.ts';
import { operationBeats } from './story-operations.ts';
import type { ApiCall, Beat, ThreadId } from './types.ts';

export type Story = {
  readonly beats: readonly Beat[];
  /** A beat by its id; throws on a name that is not in the story. */
  beat(id: string): Beat;
};

const THREADS: ReadonlySet<string> = new Set<ThreadId>([
  'leaked-key',
  'public-bucket',
  'root-login',
  'rds-maintenance',
  'ec2-issue',
  'unowned-account',
  'posture',
]);

/** The fourteen days as a list of beats in the order in which they begin. */
export function buildStory(calendar: Calendar): Story {
  const beats = [...incidentBeats, ...operationBeats]
    .map((line) => toBeat(line, calendar))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const byId = new Map(beats.map((beat) => [beat.id, beat]));
  return {
    beats,
    beat: (id) => {
      const found = byId.get(id);
      if (found === undefined) throw new RangeError(`no beat ${id} in the story`);
      return found;
    },
  };
}

function toBeat(line: BeatLine, calendar: Calendar): Beat {
  const at = calendar.at(line.day, line.clock);
  const region = line.region ?? HOME_REGION;
  return {
    id: line.id,
    thread: threadOf(line.id),
    at,
    until: at + (line.minutes ?? 0) * MINUTE,
    title: { en: line.en, ja: line.ja },
    account: accountIdOf(line.account),
    region,
    actor: line.actor ?? null,
    sourceHost: line.from ?? null,
    resources: line.resources ?? [],
    calls: (line.calls ?? []).map((call) => toCall(call, at, region)),
    after: line.after ?? [],
  };
}

function toCall([after, service, eventName, resources, options]: CallLine, at: number, region: string): ApiCall {
  return {
    at: at + after * SECOND,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    resources: resources ?? [],
    region: options?.region ?? region,
    errorCode: options?.errorCode ?? null,
  };
}

function threadOf(id: string): ThreadId {
  const thread = id.slice(0, id.indexOf('/'));
  // The set holds exactly the union's members.
  if (THREADS.has(thread)) return thread as ThreadId;
  throw new RangeError(`beat ${id} names no thread`);
}
