import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OcsfEvent } from '#core/lake/event-json.ts';
import { openSource, type SourceUnderTest } from '../../../test/contract/source-under-test.ts';
import { loadSchema, validateEvent } from '../../../test/ocsf/validate-event.ts';
import type { Target } from './event-columns.ts';
import { otherLayouts } from './other-layouts.ts';
import { securityLayouts } from './security-layouts.ts';
import { source } from './source.ts';
import { sysmonLayouts } from './sysmon-layouts.ts';

const schema = loadSchema();
let opened: SourceUnderTest | undefined;

beforeAll(async () => {
  opened = await openSource(source, import.meta.dirname);
});
afterAll(() => opened?.close());

async function eventsOf(content: Buffer): Promise<readonly OcsfEvent[]> {
  const outcome = await opened?.normalize('events.xml', content);
  return outcome?.events.map(({ event }) => event) ?? [];
}

interface Kind {
  readonly provider: string;
  readonly channel: string;
  readonly id: string;
  readonly names: Readonly<Record<string, Target>>;
}

const kinds: readonly Kind[] = [
  ...kindsOf(securityLayouts, 'Microsoft-Windows-Security-Auditing', 'Security'),
  ...kindsOf(sysmonLayouts, 'Microsoft-Windows-Sysmon', 'Microsoft-Windows-Sysmon/Operational'),
  ...Object.entries(otherLayouts).flatMap(([provider, layouts]) => kindsOf(layouts ?? {}, provider, 'System')),
];

function kindsOf(layouts: typeof securityLayouts, provider: string, channel: string): readonly Kind[] {
  return Object.entries(layouts).map(([id, { values, path }]) => {
    const paths = Object.fromEntries((path ?? []).map((name): [string, Target] => [name, 'file_path']));
    return { provider, channel, id, names: { ...values, ...paths } };
  });
}

/** A value of the right kind for its column, and what of it must be found again. */
function validValue(target: Target, number: number): readonly [value: string, token: string] {
  const token = `zq${number}w`;
  if (/_(?:pid|tid|mask|code)$|^protocol_num$/.test(target))
    return [`0x${(70_000 + number).toString(16)}`, `${70_000 + number}`];
  if (/_port$/.test(target)) return [`${40_000 + number}`, `${40_000 + number}`];
  if (/_ip$/.test(target)) return [`::ffff:198.51.100.${number % 250}`, `"198.51.100.${number % 250}"`];
  if (target === 'file_hashes') return [`MD5=${number}ABCDEF,SHA256=${number}FEDCBA`, `${number}FEDCBA`];
  if (/_created$/.test(target))
    return [`2026-11-20 08:15:30.${100 + (number % 900)}`, `30.${String(100 + (number % 900)).replace(/0+$/, '')}`];
  if (/_account$/.test(target)) return [`EXAMPLE\\${token}`, token];
  if (target === 'privileges') return [`SeA${token}Privilege SeB`, token];
  if (target === 'member_name') return [`CN=${token},DC=example`, token];
  if (target === 'cert_thumbprint') return [String(number).padStart(40, 'A'), String(number).padStart(40, 'A')];
  if (target === 'direction') return ['%%14593', '"direction_id":2'];
  if (target === 'integrity') return ['S-1-16-12288', '"integrity":"High"'];
  if (target === 'logon_type') return ['10', '"logon_type_id":10'];
  if (target === 'dns_status') return ['9003', '"status_code":"9003"'];
  if (target === 'answers') return [`type:  5 ${token}.example.com;`, token];
  if (/_(?:host|hostname)$/.test(target)) return [`${token}.example.com`, token];
  return [token, token];
}

const only = [['ObjectType', 'File']] as const;

function xml(kind: Kind, values: readonly (readonly [string, string])[]): string {
  const data = values.map(([name, value]) => `<Data Name='${name}'>${escaped(value)}</Data>`).join('');
  return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${kind.provider}'/><EventID>${kind.id}</EventID><TimeCreated SystemTime='2026-11-20T08:15:30.123Z'/><Execution ProcessID='7' ThreadID='8'/><Channel>${kind.channel}</Channel><Computer>DC01</Computer></System><EventData>${data}</EventData></Event>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

describe('events of Windows', () => {
  it('have a place for every value that a layout takes, one at a time and all together', async () => {
    const cases = kinds.flatMap((kind) => {
      const values = Object.entries(kind.names).map(([name, target], index) => {
        const [value, token] = validValue(target, 100 + index);
        return { name, value, token };
      });
      return [values, ...values.map((value) => [value])].map((chosen) => ({ kind, chosen }));
    });

    const events = await eventsOf(
      Buffer.from(
        cases
          .map(({ kind, chosen }) => xml(kind, [...only, ...chosen.map(({ name, value }) => [name, value] as const)]))
          .join('\n'),
      ),
    );

    expect(events.length).toBe(cases.length);
    for (const [index, { kind, chosen }] of cases.entries()) {
      const text = JSON.stringify(events[index]);
      const lost = chosen.filter(
        ({ name, value, token }) => !text.includes(token) && !text.includes(`.${name}":${JSON.stringify(value)}`),
      );
      expect(lost, `${kind.channel} ${kind.id}: ${text}`).toEqual([]);
    }
  });

  it('keep a value that is not what its name says, and stay valid', async () => {
    const strange = [
      'zq7w',
      'zq7w\\',
      '\\zq7w',
      '0xzq7w',
      '::ffff:zq7w',
      'CN=zq7w',
      'zq7w@EXAMPLE',
      `zq7w${'x'.repeat(70_000)}`,
      'zq7w_\u0000\u{1f600}',
    ];
    const cases = fc.sample(
      fc.record({
        kind: fc.constantFrom(...kinds),
        values: fc.array(fc.tuple(fc.nat(), fc.constantFrom(...strange)), { minLength: 1, maxLength: 6 }),
      }),
      { numRuns: 300, seed: 20261124 },
    );
    const records = cases.map(({ kind, values }) => {
      const names = [...Object.keys(kind.names), 'Status', 'SubStatus', 'Unknown', '__proto__'];
      return Object.entries(
        Object.fromEntries(
          values.map(([which, value], index) => [
            names[which % names.length] ?? 'x',
            value.replace('zq7w', `zq${index}w`),
          ]),
        ),
      );
    });

    const events = await eventsOf(
      Buffer.from(
        cases
          .map(({ kind }, index) =>
            JSON.stringify({
              EventID: kind.id,
              SourceName: kind.provider,
              Channel: kind.channel,
              EventTime: '2026-11-20T08:15:30Z',
              Hostname: 'DC01',
              ObjectType: 'File',
              ...Object.fromEntries(records[index] ?? []),
            }),
          )
          .join('\n'),
      ),
    );

    expect(events.length).toBe(cases.length);
    for (const [index, values] of records.entries()) {
      const text = JSON.stringify(events[index]);
      const lost = values.filter(([, value]) => !text.includes(value.slice(0, 1000).match(/zq\dw/)?.[0] ?? ''));
      expect(
        lost.map(([name, value]) => [name, value.slice(0, 20)]),
        text.slice(0, 3000),
      ).toEqual([]);
      if (schema !== undefined) expect(validateEvent(schema, events[index])).toEqual([]);
    }
  });

  it('are read from an export in UTF-16 as from one in UTF-8', async () => {
    const text = readFileSync(join(import.meta.dirname, 'fixtures/logons.input.xml'), 'utf8');

    const wide = await eventsOf(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));

    expect(wide).toEqual(await eventsOf(Buffer.from(text)));
  });
});
