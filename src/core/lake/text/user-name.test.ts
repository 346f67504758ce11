import { describe, expect, it } from 'vitest';
import { userColumns } from './user-name.ts';

describe('a user as appliances write one', () => {
  it.each([
    ['alice', 'alice', null],
    ['EXAMPLE\\alice', 'alice', 'EXAMPLE'],
    ['example.com\\\\alice', 'alice', 'example.com'],
    ['alice@example.com', 'alice@example.com', null],
    ['\\alice', '\\alice', null],
    ['EXAMPLE\\', 'EXAMPLE\\', null],
    ['a\\b\\c', 'a\\b\\c', null],
    ['', null, null],
    [undefined, null, null],
  ])('%j is %j of %j', (text, name, domain) => {
    expect(userColumns(text)).toEqual({ user_name: name, user_domain: domain });
  });
});
