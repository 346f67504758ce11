import { describe, expect, it } from 'vitest';
import { countryCode } from './country-code.ts';

describe('country codes', () => {
  it.each([
    ['United States', 'US'],
    ['Japan', 'JP'],
    ['Korea, Republic of', 'KR'],
    ['Korea Republic Of', 'KR'],
    ['Russian Federation', 'RU'],
    ['Viet Nam', 'VN'],
    ['Vietnam', 'VN'],
    ['Hong Kong', 'HK'],
    ['Taiwan', 'TW'],
    ['Germany', 'DE'],
    ["Cote D'Ivoire", 'CI'],
    ['United Kingdom', 'GB'],
    ['Czech Republic', 'CZ'],
    ['Bosnia and Herzegovina', 'BA'],
    ['Turkey', 'TR'],
    ['netherlands', 'NL'],
    ['US', 'US'],
  ])('finds %s', (name, code) => {
    expect(countryCode(name)).toBe(code);
  });

  it.each(['Reserved', '10.0.0.0-10.255.255.255', '', 'ZZ', 'European Union', 'x'.repeat(5000)])(
    'finds nothing for %s',
    (name) => {
      expect(countryCode(name)).toBeUndefined();
    },
  );
});
