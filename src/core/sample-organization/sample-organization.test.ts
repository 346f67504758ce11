import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { observe } from '#core/intake/observe.ts';
import { accounts, adminAccount, managementAccount, teams, units } from './cast-accounts.ts';
import { sampleEventFiles } from './event-files.ts';
import { sampleOrganization } from './sample-organization.ts';

const END = Date.UTC(2026, 10, 17, 6, 0, 0);
const FOURTEEN_DAYS = 14 * 24 * 3_600_000;
const sample = sampleOrganization({ endAt: END });
const text = JSON.stringify(sample.events);

function digest(events: unknown): string {
  return createHash('sha256').update(JSON.stringify(events)).digest('hex');
}

describe('the sample organization', () => {
  it('is the same, byte for byte, for the same seed and end', () => {
    const again = sampleOrganization({ endAt: END });
    const files = [...sampleEventFiles(again)];

    expect(digest(again)).toBe(digest(sample));
    expect(digest(files)).toBe(digest([...sampleEventFiles(sample)]));
  });

  it('differs in its noise, not in its story, for another seed', () => {
    const other = sampleOrganization({ seed: 7, endAt: END });

    expect(digest(other.events)).not.toBe(digest(sample.events));
    expect(other.story).toEqual(sample.story);
  });

  it('moves whole days with its end', () => {
    const later = sampleOrganization({ endAt: END + 24 * 3_600_000 });

    expect(later.story.map((beat) => beat.at - 24 * 3_600_000)).toEqual(sample.story.map((beat) => beat.at));
  });

  it('refuses an end that is no time', () => {
    expect(() => sampleOrganization({ endAt: Number.NaN })).toThrow(/endAt must be milliseconds/);
  });

  it('has twelve accounts in five units, five teams, and one account that nobody owns', () => {
    const paths = new Set(units.map((unit) => unit.path));

    expect(accounts).toHaveLength(12);
    expect(units).toHaveLength(5);
    expect(teams).toHaveLength(5);
    expect(new Set(accounts.map((account) => account.id)).size).toBe(12);
    expect(accounts.every((account) => /^\d{12}$/.test(account.id) && paths.has(account.ou))).toBe(true);
    expect(accounts.filter((account) => account.team === null).map((account) => account.name)).toEqual([
      'sandbox-hackathon',
    ]);
    expect(teams.every((team) => accounts.some((account) => account.team === team.id))).toBe(true);
  });

  it.each([1, 2, 3, 4, 5, 20])('has the events of a company of this size with seed %i', (seed) => {
    const { events } = sampleOrganization({ seed, endAt: END + seed * 5_000_000 });
    const problems = new Set(events.flatMap((event) => observe(event.envelope).observations.map((seen) => seen.key)));

    expect(events.length).toBeGreaterThan(1500);
    expect(events.length).toBeLessThan(3000);
    expect(problems.size).toBeGreaterThan(250);
    expect(problems.size).toBeLessThan(700);
  });

  it('orders its events by time, within the fourteen days', () => {
    const times = sample.events.map((event) => event.time);

    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(END - FOURTEEN_DAYS);
    expect(times.at(-1)).toBeLessThan(END);
    expect(sample.events.every((event) => Date.parse(event.envelope.time) === event.time)).toBe(true);
  });

  it('has events on each of the days, and late ones too', () => {
    const days = new Set(sample.events.map((event) => Math.floor((event.time - (END - FOURTEEN_DAYS)) / 86_400_000)));

    expect(days.size).toBe(14);
  });

  it('gives every event an id of its own', () => {
    expect(new Set(sample.events.map((event) => event.envelope.id)).size).toBe(sample.events.length);
  });

  it('names no account but its own', () => {
    const known = new Set(accounts.map((account) => account.id));
    const named = new Set(text.match(/(?<![\da-f-])\d{12}(?![\da-f])/g));

    expect([...named].filter((id) => !known.has(id))).toEqual([]);
    expect(named).toContain(adminAccount);
    expect(named).toContain(managementAccount);
  });

  it('has only keys and ids that are marked as examples', () => {
    const ids = text.match(/\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{12,}/g) ?? [];

    expect(ids.length).toBeGreaterThan(10);
    expect(ids.filter((id) => !id.endsWith('EXAMPLE'))).toEqual([]);
    expect(ids.filter((id) => /^A[KS]IA/.test(id) && id.length !== 20)).toEqual([]);
  });

  it('uses only documentation addresses, private addresses and reserved names', () => {
    const addresses = new Set(text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g));
    const allowed = /^(192\.0\.2|198\.51\.100|203\.0\.113|10\.\d+\.\d+)\.\d+$|^0\.0\.0\.0$/;
    const mail = new Set(text.match(/[\w.+-]+@[\w.-]+/g));

    expect([...addresses].filter((address) => !allowed.test(address))).toEqual([]);
    expect([...mail].filter((address) => !address.endsWith('@example.com'))).toEqual([]);
  });

  it('tells the story in a third of the events at most, and names beats that exist', () => {
    const beats = new Set(sample.story.map((beat) => beat.id));
    const told = sample.events.filter((event) => event.beat !== null);

    expect(told.every((event) => event.beat !== null && beats.has(event.beat))).toBe(true);
    expect(told.length).toBeGreaterThan(100);
    expect(told.length).toBeLessThan(sample.events.length / 3);
  });

  it('never lets an event come before the beat it belongs to', () => {
    const begins = new Map(sample.story.map((beat) => [beat.id, beat.at]));
    const early = sample.events.filter((event) => event.time < (begins.get(event.beat ?? '') ?? 0));

    expect(early.map((event) => event.beat)).toEqual([]);
  });

  it('is understood by the intake, save for the kind that nobody asked for', () => {
    const unused = sample.events.flatMap((event) => observe(event.envelope).unused);

    expect(new Set(unused.map((entry) => `${entry.kind}: ${entry.detail}`))).toEqual(
      new Set(['unknown-kind: EC2 Instance State-change Notification']),
    );
  });

  it('delivers member events in the member account and the rest to the administrator or the management account', () => {
    const buses = new Set(sample.events.map((event) => event.envelope.account));

    expect([...buses].every((bus) => accounts.some((account) => account.id === bus))).toBe(true);
    expect(sample.events.filter((event) => event.envelope.account === adminAccount).length).toBeGreaterThan(
      sample.events.length / 2,
    );
  });
});
