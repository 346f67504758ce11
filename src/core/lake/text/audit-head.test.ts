import { describe, expect, it } from 'vitest';
import { auditHead } from './audit-head.ts';

describe('auditHead', () => {
  it.each([
    ['type=CWD msg=audit(1795316650.123:7): cwd="/"', 'cwd="/"', { type: 'CWD', time: '1795316650.123', serial: '7' }],
    ['type=CWD msg=audit(1795316650.123:7) : cwd="/"', 'cwd="/"', { type: 'CWD' }],
    ['node=web1 type=EOE msg=audit(1795316650.123:7): ', '', { node: 'web1', type: 'EOE' }],
    ['[ 12.345678] audit: type=1400 audit(1795316650.123:7): x', 'x', { type: '1400' }],
    ['type=UNKNOWN[1334] msg=audit(1795316650.123:7): x', 'x', { type: 'UNKNOWN[1334]' }],
    ['type=EOE msg=audit(1795316650.5:7):', '', { at: 1_795_316_650_500 }],
  ])('of %s leaves %s', (text, body, head) => {
    const found = auditHead(text);

    expect(found).toMatchObject(head);
    expect(text.slice(found?.end)).toBe(body);
  });

  it.each([
    'type=CWD msg=audit(03/28/2026 10:09:23.243:24287) : cwd="/"',
    'Nov 22 03:04:10 web1 audispd: type=CWD msg=audit(1795316650.123:7): cwd="/"',
    'type=traffic subtype=forward',
    '',
  ])('is not there in %s', (text) => {
    expect(auditHead(text)).toBeUndefined();
  });
});
