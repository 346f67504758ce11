import { expect, test } from 'vitest';
import { createFakeClock } from '../../../test/stand-ins/time.ts';
import { createLogger, type LoggerSettings } from './logger.ts';
import { createRedactor } from './redactor.ts';

const TOKEN = ['xoxb', '111122223333', 'AbCdEfGhIjKl'].join('-');

function logged(settings: Partial<LoggerSettings> = {}): {
  log: ReturnType<typeof createLogger>;
  text: () => string;
  last: () => Record<string, unknown>;
} {
  const lines: string[] = [];
  const log = createLogger({
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
    clock: createFakeClock(),
    ...settings,
  });
  // Log lines are JSON objects by definition; a line that is not makes the test fail here.
  return { log, text: () => lines.join(''), last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

test('writes one JSON line with level, time and message', () => {
  const { log, text } = logged();

  log.info({ accepted: 3 }, 'inbox file read');

  expect(text()).toBe('{"level":"info","time":"2026-01-05T00:00:00.000Z","accepted":3,"msg":"inbox file read"}\n');
});

test('takes a token out of message, fields, nested fields, errors with their stack and cause, and child bindings', () => {
  const { log, text } = logged();
  const err = new Error(`refused ${TOKEN}`, { cause: new Error(`inner ${TOKEN}`) });

  log.child({ bound: TOKEN }).error({ err, deep: { list: [TOKEN] }, [TOKEN]: 1 }, `sent with ${TOKEN}`);

  expect(text()).toContain('[redacted]');
  expect(text()).not.toContain('AbCdEfGhIjKl');
});

test('takes out values the secret sources reported', () => {
  const redactor = createRedactor();
  const { log, text } = logged({ redactor });

  redactor.hide('hunter2-hunter2');
  log.info({ url: 'https://chat.example.com/hunter2-hunter2' });

  expect(text()).not.toContain('hunter2');
});

test('writes nothing below its level', () => {
  const { log, text } = logged({ level: 'warn' });

  log.info('quiet');

  expect(text()).toBe('');
});

test('escapes characters that could forge what a terminal shows, and stays the same JSON', () => {
  const { log, text, last } = logged();
  const hostile = 'a\u001b[31m\u009b31m\u202ereversed\u2028line\nnew';

  log.info({ hostile });

  expect(text().trimEnd()).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
  expect(last()['hostile']).toBe(hostile);
});
