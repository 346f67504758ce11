import { describe, expect, it } from 'vitest';
import { hostColumns, senderAddress } from './host-columns.ts';

describe('hostColumns', () => {
  it.each([
    ['192.0.2.7', { ip: '192.0.2.7' }],
    ['2001:db8::7', { ip: '2001:db8::7' }],
    ['fe80::7%eth0', { ip: 'fe80::7%eth0' }],
    [`fe80::7%${'e'.repeat(40)}`, { ip: 'fe80::7' }],
    ['web1.example.com', { hostname: 'web1.example.com' }],
    ['web1.example.com.', { hostname: 'web1.example.com' }],
    ['db_1', { name: 'db_1' }],
    ['"><script>', { name: '"><script>' }],
    ['', {}],
    [undefined, {}],
  ])('puts %s where OCSF takes it', (text, columns) => {
    expect(hostColumns(text)).toEqual({ ip: null, hostname: null, name: null, ...columns });
  });
});

describe('senderAddress', () => {
  it.each([
    ['192.0.2.7:514', '192.0.2.7'],
    ['[2001:db8::7]:514', '2001:db8::7'],
    ['nobody', undefined],
    [undefined, undefined],
  ])('of %s is %s', (from, address) => {
    expect(senderAddress(from)).toBe(address);
  });
});
