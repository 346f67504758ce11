import { describe, expect, it } from 'vitest';
import { createCalendar } from './calendar.ts';
import { accounts } from './cast-accounts.ts';
import { instances } from './cast-instances.ts';
import { hosts, remoteHost } from './cast-network.ts';
import { principal, principals } from './cast-principals.ts';
import { resourceOf, resources } from './cast-resources.ts';
import { buildStory } from './story.ts';

const ENDS = [Date.UTC(2026, 10, 17, 6, 0, 0), Date.UTC(2026, 10, 17, 15, 0, 0), Date.UTC(2026, 10, 17, 14, 59, 59)];
const { beats, beat } = buildStory(createCalendar(ENDS[0] ?? 0));

describe('the story', () => {
  it.each(ENDS)('lies within the fourteen days that end at %i', (endAt) => {
    const calendar = createCalendar(endAt);
    const outside = buildStory(calendar).beats.filter((one) => one.at < calendar.start || one.until >= calendar.end);

    expect(outside.map((one) => one.id)).toEqual([]);
  });

  it('keeps Tokyo’s clock wherever the fourteen days begin', () => {
    const clocks = ENDS.map((endAt) => new Date(createCalendar(endAt).at(3, '14:22')).toISOString().slice(11, 16));

    expect(clocks).toEqual(['05:22', '05:22', '05:22']);
  });

  it('has each beat after the beats that cause it', () => {
    const wrong = beats.flatMap((one) => one.after.filter((cause) => beat(cause).at > one.at).map(() => one.id));

    expect(wrong).toEqual([]);
    expect(new Set(beats.map((one) => one.id)).size).toBe(beats.length);
  });

  it('leads from the leaked key to the miner and back to calm', () => {
    const thread = beats.filter((one) => one.thread === 'leaked-key').map((one) => one.id.slice('leaked-key/'.length));

    expect(thread).toEqual([
      'leaked',
      'first-use',
      'persistence',
      'group-opened',
      'miner-started',
      'mining',
      'brute-force',
      'exposure-notice',
      'keys-disabled',
      'miner-stopped',
      'group-closed',
      'closed',
    ]);
  });

  it('makes its API calls within the beat, in order', () => {
    for (const one of beats) {
      const times = one.calls.map((call) => call.at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.every((time) => time >= one.at && time <= Math.max(one.until, one.at + 60_000))).toBe(true);
    }
  });

  it('uses only people, hosts, accounts and resources of the cast', () => {
    const ids = new Set(accounts.map((account) => account.id));
    for (const one of beats) {
      expect(ids.has(one.account)).toBe(true);
      if (one.actor !== null) expect(principal(one.actor).key).toBe(one.actor);
      if (one.sourceHost !== null) expect(remoteHost(one.sourceHost).key).toBe(one.sourceHost);
      for (const key of [...one.resources, ...one.calls.flatMap((call) => call.resources)]) {
        expect(resourceOf(key).key).toBe(key);
      }
    }
  });

  it('lets a person act only in accounts where that person has a role', () => {
    const strangers = beats.filter((one) => one.actor !== null && principal(one.actor).account !== one.account);

    expect(strangers.map((one) => one.id)).toEqual([]);
  });

  it('names each beat in English and Japanese', () => {
    expect(beats.every((one) => /^[\x20-\x7e’]+$/.test(one.title.en) && /[ぁ-んァ-ヶ一-龠]/.test(one.title.ja))).toBe(
      true,
    );
  });
});

describe('the cast', () => {
  it('gives every thing one key, one id and one address', () => {
    const arns = [...resources.values()].map((resource) => resource.arn);
    const addresses = [
      ...instances.flatMap((instance) => [
        instance.privateIp,
        ...(instance.publicIp === null ? [] : [instance.publicIp]),
      ]),
      ...hosts.map((host) => host.ip),
    ];

    expect(new Set(arns).size).toBe(arns.length);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(new Set(principals.map((one) => one.accessKeyId)).size).toBe(principals.length);
    expect(new Set(instances.map((instance) => instance.interfaceId)).size).toBe(instances.length);
  });

  it('launches the instances of the story in a beat that calls RunInstances for them', () => {
    const launched = instances.filter((instance) => instance.launchedIn !== null);

    expect(launched.length).toBe(3);
    for (const instance of launched) {
      const calls = beat(instance.launchedIn ?? '').calls.filter((call) => call.eventName === 'RunInstances');
      expect(calls.some((call) => call.errorCode === null && call.resources.includes(instance.key))).toBe(true);
    }
  });
});
