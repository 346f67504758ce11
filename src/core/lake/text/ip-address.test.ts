import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressAndPort, isIpAddress, isPort } from './ip-address.ts';

describe('IP addresses as text', () => {
  it('agrees with Node about every address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        expect(isIpAddress(address)).toBe(isIP(address) !== 0);
      }),
      { seed: 20261124, numRuns: 500 },
    );
  });

  it('agrees with Node about texts that look like addresses', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '1', '25', '255', '.', ':', '::', 'f', 'ffff', 'g', ' ') });
    fc.assert(
      fc.property(text, (address) => {
        expect(isIpAddress(address)).toBe(isIP(address) !== 0);
      }),
      { seed: 20261124, numRuns: 5000 },
    );
  });

  it.each([
    '1.2.3',
    '192.0.2.1.5',
    ['256', '0.2.1'].join('.'),
    ['192', '0.02.1'].join('.'),
    '1::2::3',
    ':::',
    '1:2:3:4:5:6:7:8:9',
    '::192.0.2.1:5',
    '',
  ])('refuses %j', (address) => {
    expect(isIpAddress(address)).toBe(false);
  });

  it.each([
    ['192.0.2.1:443', { ip: '192.0.2.1', port: '443' }],
    ['[2001:db8::1]:443', { ip: '2001:db8::1', port: '443' }],
    ['2001:db8::1:443', { ip: '2001:db8::1', port: '443' }],
  ])('splits %s into address and port', (text, found) => {
    expect(addressAndPort(text)).toEqual(found);
  });

  it.each(['-', '192.0.2.1', '192.0.2.1:', '192.0.2.1:70000', 'host:80', '[2001:db8::1:80', ':80'])(
    'finds no address and port in %j',
    (text) => {
      expect(addressAndPort(text)).toBeUndefined();
    },
  );

  it('takes 0 to 65535 for ports', () => {
    expect(['0', '65535'].every(isPort)).toBe(true);
    expect(['', '-1', '65536', '1e3', ' 80', '000080'].some(isPort)).toBe(false);
  });
});
