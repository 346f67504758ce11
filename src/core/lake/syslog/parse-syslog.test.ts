import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cases from './parse-syslog.cases.json' with { type: 'json' };
import { parseSyslog } from './parse-syslog.ts';
import type { SyslogMessage } from './syslog-message.ts';

type Expected = Omit<SyslogMessage, 'timestamp'> & {
  readonly timestamp?: string;
  /** For names that an object literal cannot hold. */
  readonly structuredDataEntries?: unknown;
};
type Case = { readonly name: string; readonly given: string; readonly received?: string; readonly expected: Expected };

const RECEIVED = '2026-01-05T12:00:00Z';
const at = Date.parse(RECEIVED);

describe('a syslog line', () => {
  // JSON cannot say which words a format may be.
  it.each(cases as readonly Case[])('$name', ({ given, received = RECEIVED, expected }) => {
    const { timestamp, structuredDataEntries, ...rest } = expected;

    const { structuredData, ...said } = parseSyslog(given, { at: Date.parse(received) });

    expect({
      ...said,
      ...(structuredData === undefined ? {} : { structuredData: entriesOf(structuredData) }),
    }).toEqual({
      ...rest,
      ...(timestamp === undefined ? {} : { timestamp: Date.parse(timestamp) }),
      ...(structuredDataEntries === undefined ? {} : { structuredData: structuredDataEntries }),
      ...(rest.structuredData === undefined ? {} : { structuredData: entriesOf(rest.structuredData) }),
    });
  });
});

function entriesOf(data: Readonly<Record<string, Readonly<Record<string, string>>>>): unknown {
  return Object.entries(data).map(([id, params]) => [id, Object.entries(params)]);
}

const piece = fc.constantFrom(
  '<13>', '<999>', '<', '>', '1 ', '- ', '[', ']', '"', '\\', '="', 'a', ' ', ':', ': ', '%ASA-6-1: ', '*', '.', '\uFEFF', '\0',
  'Jan  2 03:04:05', '2026-01-02T03:04:05Z', '2026', '123: ', 'host ', 'tag[1]', 'UTC', '\r\n', '\ud800',
); // biome-ignore format: one line reads better than thirty
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
);

describe('any line', () => {
  it('is read without an error, and its message is its end', () => {
    fc.assert(
      fc.property(hostile, fc.oneof(fc.double(), fc.integer()), (line, arrival) => {
        const said = parseSyslog(line, { at: arrival });

        expect(line.replace(/[\r\n\0]*$/, '').endsWith(said.message)).toBe(true);
        expect(Number.isNaN(said.timestamp)).toBe(false);
        expect(said.timestamp === undefined || said.timestampText !== undefined).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('costs no more than its length, whatever it repeats', () => {
    const heads = [
      '',
      '<13>',
      '<13>1 - - - - - ',
      '<13>Jan  2 03:04:05 ',
      '<13>1 - - - - - [a ',
      '<13>1 - - - - - [a b="',
      '1: ',
    ];
    const parts = [
      'a',
      ' ',
      '[',
      ']',
      '"',
      '\\',
      '\\"',
      '<',
      ':',
      ': ',
      '0',
      '%A',
      '\n',
      '\n ',
      '\0',
      '[a]',
      ' a=""',
      'Jan ',
      '1: ',
      '-',
    ];
    for (const head of heads)
      for (const part of parts) {
        const line = `${head}${part.repeat(200_000 / part.length)}x`;

        // Anything quadratic takes minutes here and fails by the time limit.
        expect(parseSyslog(line, { at }).message.length).toBeLessThanOrEqual(line.length);
      }
  });
});

const word = fc.stringMatching(/^[a-z][a-z0-9.]{0,12}$/);
const time = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 31) });
const pri = fc.integer({ min: 0, max: 191 });

describe('a line composed', () => {
  it('by RFC 5424 gives its parts back', () => {
    const value = fc.string({ unit: 'grapheme' });
    const name = fc.stringMatching(/^[!-~]{1,32}$/).map((text) => text.replaceAll(/[="\]]/g, '_'));
    const data = fc.dictionary(name, fc.dictionary(name, value, { maxKeys: 3 }), { maxKeys: 3 });
    const message = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !/^\uFEFF|^\u00EF\u00BB\u00BF|[\r\n\0]$/.test(text));
    fc.assert(
      fc.property(pri, time, word, word, data, message, (priority, epochMs, hostname, appName, elements, text) => {
        const elementTexts = Object.entries(elements).map(
          ([id, params]) =>
            `[${id}${Object.entries(params)
              .map(([key, raw]) => ` ${key}="${escaped(raw)}"`)
              .join('')}]`,
        );
        const head = `<${priority}>1 ${new Date(epochMs).toISOString()} ${hostname} ${appName} 7 -`;

        const said = parseSyslog(`${head} ${elementTexts.join('') || '-'} ${text}`, { at });

        expect(said).toMatchObject({
          format: 'rfc5424',
          facility: priority >> 3,
          severity: priority & 7,
          timestamp: epochMs,
          hostname,
          appName,
          procId: '7',
          message: text,
        });
        expect(entriesOf(said.structuredData ?? {})).toEqual(entriesOf(elements));
      }),
    );
  });

  it('by RFC 3164 within a year before its arrival gives its parts back, with the year', () => {
    fc.assert(
      fc.property(
        pri,
        time,
        fc.integer({ min: -6, max: 355 }),
        word,
        word,
        fc.stringMatching(/^[ -~]{0,40}$/),
        (priority, arrival, days, hostname, appName, text) => {
          const epochMs = Math.floor((arrival - days * 86_400_000) / 1000) * 1000;
          const [, day, month, , clock] = new Date(epochMs).toUTCString().split(' ');

          const said = parseSyslog(
            `<${priority}>${month} ${String(Number(day)).padStart(2)} ${clock} ${hostname} ${appName}[7]: ${text}`,
            { at: arrival },
          );

          expect(said).toMatchObject({
            format: 'rfc3164',
            facility: priority >> 3,
            severity: priority & 7,
            timestamp: epochMs,
            hostname,
            appName,
            procId: '7',
            message: text,
          });
        },
      ),
    );
  });
});

function escaped(value: string): string {
  return value.replaceAll(/["\\\]]/g, '\\$&');
}

const samples = resolve(import.meta.dirname, '../../../../../shared/samples');

describe.skipIf(!existsSync(samples))('real files', () => {
  it('of Linux have a host, a time and a program in every line', () => {
    const lines = linesOf('linux-auth-syslog/secure-rhel7.log');

    const said = lines.map((line) => parseSyslog(line, { at }));

    expect(lines.length).toBeGreaterThan(0);
    const [hostname, appName, timestamp] = [expect.any(String), expect.any(String), expect.any(Number)];
    for (const one of said) expect(one).toMatchObject({ format: 'rfc3164', hostname, appName, timestamp });
  });

  it.each(['fortinet-fortigate/fortigate.log', 'palo-alto/panos.log'])(
    '%s leaves each record whole in the message',
    (file) => {
      const messages = linesOf(file).map((line) => parseSyslog(line, { at }).message);

      expect(messages.length).toBeGreaterThan(0);
      for (const message of messages) expect(message).toMatch(/^(?:date=|\d,\d{4}\/)/);
    },
  );
});

function linesOf(file: string): string[] {
  return readFileSync(resolve(samples, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
