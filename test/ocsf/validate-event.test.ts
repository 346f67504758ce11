import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { assertValid, loadSchema, validateEvent } from './validate-event.ts';

const schema = loadSchema();

const eventsFile = z.record(z.string(), z.record(z.string(), z.unknown()));
const brokenEventsFile = z.array(
  z.strictObject({
    name: z.string(),
    /** The name of the valid event that is broken. */
    event: z.string(),
    /** Values by path, replaced or added. */
    set: z.record(z.string(), z.unknown()).default({}),
    remove: z.array(z.string()).default([]),
    problems: z.array(z.string()).min(1),
  }),
);

const validEvents = eventsFile.parse(readJson('./fixtures/valid-events.json'));
const brokenEvents = brokenEventsFile.parse(readJson('./fixtures/broken-events.json'));

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

function validEvent(name: string): Record<string, unknown> {
  const event = validEvents[name];
  if (event === undefined) throw new Error(`fixtures/valid-events.json has no event ${name}`);
  return structuredClone(event);
}

/** The object or array that holds the last step of a path like `resources[1].uid`, and that step. */
function locate(event: Record<string, unknown>, path: string): readonly [Record<string, unknown>, string] {
  const steps = path.startsWith('\u001b') ? [path] : path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  const last = steps.pop() ?? '';
  // The fixtures are ours: a path that leads nowhere fails the test that uses it.
  const holder = steps.reduce((value, step) => value[step] as Record<string, unknown>, event);
  return [holder, last];
}

function brokenEvent({ event: name, set, remove }: (typeof brokenEvents)[number]): Record<string, unknown> {
  const event = validEvent(name);
  for (const path of remove) {
    const [holder, last] = locate(event, path);
    if (!(last in holder)) throw new Error(`${name} has nothing to remove at ${path}`);
    if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else delete holder[last];
  }
  for (const [path, value] of Object.entries(set)) {
    const [holder, last] = locate(event, path);
    holder[last] = value;
  }
  return event;
}

describe.skipIf(schema === undefined)('validation against OCSF 1.1.0 (skipped where ../shared/ocsf is absent)', () => {
  const ocsf = schema ?? {
    version: '',
    classes: {},
    objects: {},
    profiles: {},
    dictionary: { types: { attributes: {} } },
  };

  it.each(Object.entries(validEvents))('accepts the %s event', (_name, event) => {
    expect(validateEvent(ocsf, event)).toEqual([]);
  });

  it.each(brokenEvents)('refuses $name', (given) => {
    expect(validateEvent(ocsf, brokenEvent(given))).toEqual(given.problems);
  });

  it.each([[undefined], [null], ['event'], [7], [[{}]], [{}]])('refuses %j, which is no event', (event) => {
    expect(validateEvent(ocsf, event)).toHaveLength(1);
  });

  it('accepts text of 65,535 characters, however many bytes they take, and no more', () => {
    const longest = '🗼'.repeat(65_535);

    const fitting = validateEvent(ocsf, { ...validEvent('api-activity'), message: longest });
    const tooLong = validateEvent(ocsf, { ...validEvent('api-activity'), message: `${longest}.` });

    expect(fitting).toEqual([]);
    expect(tooLong).toEqual([
      expect.stringMatching(/^message must be at most 65535 characters long \(string_t\), but is "/),
    ]);
    expect(tooLong.join().length).toBeLessThan(300);
  });

  it('accepts 64-bit integers given as bigint and refuses longer ones', () => {
    const withBytes = (bytes: bigint) => ({ ...validEvent('network-activity'), traffic: { bytes } });

    expect(validateEvent(ocsf, withBytes(2n ** 63n - 1n))).toEqual([]);
    expect(validateEvent(ocsf, withBytes(2n ** 63n))).toEqual([
      'traffic.bytes must fit into 64 bits (long_t), but is 9223372036854775808.',
    ]);
  });

  it('refuses a name that every JavaScript object inherits, also as an own key', () => {
    const event: unknown = JSON.parse(
      JSON.stringify({ ...validEvent('api-activity'), constructor: 'x' }).replace('{', '{"__proto__":{"a":1},'),
    );

    expect(validateEvent(ocsf, event)).toEqual([
      '__proto__ is not an attribute of class api_activity.',
      'constructor is not an attribute of class api_activity.',
    ]);
  });

  it('reads unmapped content of any depth and bounds the depth of OCSF objects', () => {
    const nested = (name: string, leaf: object, depth: number): object => {
      let value = leaf;
      for (let level = 0; level < depth; level += 1) value = { ...leaf, [name]: value };
      return value;
    };

    const deepUnmapped = validateEvent(ocsf, {
      ...validEvent('api-activity'),
      unmapped: nested('a', { b: 1 }, 50_000),
    });
    const deepNull = validateEvent(ocsf, { ...validEvent('api-activity'), unmapped: nested('a', { b: null }, 3) });
    const deepProcess = validateEvent(ocsf, {
      ...validEvent('process-activity'),
      process: nested('parent_process', { pid: 1 }, 50_000),
    });

    expect(deepUnmapped).toEqual([]);
    expect(deepNull).toHaveLength(4);
    expect(deepProcess).toEqual([expect.stringMatching(/^process\.parent_process.* is nested more than 100 deep\.$/)]);
  });

  it('reports the most frequent problems of many events once, with counts and where they first occur', () => {
    const good = validEvent('api-activity');
    const events = [
      good,
      { ...good, severity_id: 77 },
      { ...good, resources: [{ uid: 'a', foo: 1 }, { uid: 'b', foo: 1 }, { uid: 'c' }] },
      { ...good, severity_id: 78, resources: [{ uid: 'a' }, { uid: 'c', foo: 1 }] },
    ];

    expect(() => assertValid(ocsf, events)).toThrow(
      [
        '3 of 4 events break OCSF 1.1.0:',
        '3 x resources[0].foo is not an attribute of object resource_details. (first in event 2)',
        '2 x severity_id must be one of 0, 1, 2, 3, 4, 5, 6, 99, but is 77. (first in event 1)',
      ].join('\n'),
    );
  });

  it('reports at most 20 kinds of problems', () => {
    const junk = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`junk_${index}`, 1]));

    expect(() => assertValid(ocsf, [{ ...validEvent('api-activity'), ...junk }])).toThrow(
      /junk_19 [^\n]*\nand 5 more kinds of problems$/,
    );
  });

  it('counts the events it found valid', () => {
    expect(assertValid(ocsf, Object.values(validEvents))).toBe(Object.keys(validEvents).length);
    expect(assertValid(ocsf, [])).toBe(0);
  });
});

describe('the schema file', () => {
  it('is looked for in the folder that YAGURA_SHARED names, and its absence is not an error', ({ onTestFinished }) => {
    vi.stubEnv('YAGURA_SHARED', '/nowhere');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });

    expect(loadSchema()).toBeUndefined();
  });
});
