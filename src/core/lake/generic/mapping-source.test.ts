import { describe, expect, it } from 'vitest';
import { readMapping } from './mapping-source.ts';

const door = `
id: example.door
title: Door controller
vendor: Example
class: authentication
recognise: { key: door, contains: badge= }
format: { kind: keyValue, syslog: true }
time: { field: syslog.timestamp, format: syslog }
map:
  activity_id: 1
  user.name: $badge
  dst_endpoint.hostname: $syslog.hostname
`;

function problemsOf(yaml: string): readonly string[] {
  const read = readMapping(yaml);
  return read.ok ? [] : read.problems;
}

describe('a mapping file', () => {
  it('becomes a source', () => {
    const read = readMapping(door);

    expect(read.ok && read.source).toMatchObject({
      id: 'example.door',
      vendor: 'Example',
      classes: ['authentication'],
      profiles: [],
    });
  });

  it('is recognised by key and text together', () => {
    const read = readMapping(door);
    const content = (key: string, text: string): boolean | undefined =>
      read.ok ? read.source.recognise.content({ key, text, firstLine: text }) : undefined;

    expect([content('a/door.log', 'badge=1'), content('a/door.log', 'x'), content('a/other.log', 'badge=1')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['an unknown key', `${door}\nnonsense: 1\n`, 'nonsense'],
    ['an unknown class', door.replace('authentication', 'autentication'), 'class'],
    ['an attribute that the class has not', door.replace('user.name:', 'user.nme:'), 'map.user.nme'],
    ['an object where a value belongs', door.replace('user.name:', 'user:'), 'map.user'],
    ['an attribute that follows by itself', door.replace('activity_id: 1', 'class_uid: 3002'), 'map.class_uid'],
    [
      'a pattern that does not compile',
      door.replace('{ kind: keyValue, syslog: true }', "{ kind: regex, pattern: '(' }"),
      'format.pattern',
    ],
    [
      'a pattern that can take for ever',
      door.replace('{ kind: keyValue, syslog: true }', "{ kind: regex, pattern: '(a+)+b' }"),
      'format.pattern',
    ],
    ['an id with capitals', door.replace('example.door', 'Example'), 'id'],
    ['no YAML at all', 'a: [', ''],
  ])('with %s says where', (_name, yaml, place) => {
    const problems = problemsOf(yaml);

    expect(problems).not.toEqual([]);
    expect(problems.join('\n')).toContain(place);
  });
});
