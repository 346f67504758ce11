import { describe, expect, it } from 'vitest';
import { parseCef } from './cef.ts';

describe('CEF', () => {
  it('reads the header and the extension', () => {
    const event = parseCef('CEF:0|Example|Wall|1.0|100|dropped|5|src=192.0.2.1 spt=50123 msg=not wanted here dpt=22');

    expect(event).toMatchObject({
      version: '0',
      deviceVendor: 'Example',
      deviceProduct: 'Wall',
      deviceVersion: '1.0',
      signatureId: '100',
      name: 'dropped',
      severity: '5',
      rest: '',
    });
    expect({ ...event?.extension }).toEqual({ src: '192.0.2.1', spt: '50123', msg: 'not wanted here', dpt: '22' });
  });

  it('reads escapes of header and extension', () => {
    const event = parseCef(String.raw`CEF: 1|A\|B|C\\D|1|x|n\|m|Low|msg=a\=b \\ c\nd \| e act=blocked a \$`);

    expect([event?.deviceVendor, event?.deviceProduct, event?.name]).toEqual(['A|B', 'C\\D', 'n|m']);
    expect({ ...event?.extension }).toEqual({ msg: 'a=b \\ c\nd | e', act: 'blocked a \\$' });
  });

  it('takes an equals sign after a word within a value for content', () => {
    const event = parseCef('CEF:0|A|B|1|x|n|3|request=http://a.example.com/?q=1&r=2 cs1=p==q ad.x[0]=y');

    expect({ ...event?.extension }).toEqual({
      request: 'http://a.example.com/?q=1&r=2',
      cs1: 'p==q',
      'ad.x[0]': 'y',
    });
  });

  it('keeps the first of two values of a key under its name, and text before the first key', () => {
    const event = parseCef('CEF:0|A|B|1|x|n|3|loose text act=deny act=accept __proto__=z');

    expect(JSON.stringify(event?.extension)).toBe('{"act":"deny","act (2)":"accept","__proto__":"z"}');
    expect(event?.rest).toBe('loose text');
  });

  it('reads an event without extension, or with an empty one', () => {
    expect({ ...parseCef('CEF:0|A|B|1|x|n|3')?.extension }).toEqual({});
    expect(parseCef('CEF:0|A|B|1|x|n|3|')?.severity).toBe('3');
  });

  it.each(['', 'CEF', 'CEF:0|A|B|1', 'xCEF:0|A|B|1|x|n|3|', 'LEEF:1.0|A|B|1|x|'])('takes %j for no CEF', (text) => {
    expect(parseCef(text)).toBeUndefined();
  });

  it('takes long hostile lines in their stride', () => {
    for (const body of ['a='.repeat(500_000), 'a=b '.repeat(300_000), 'aaaa'.repeat(300_000), '\\='.repeat(500_000)]) {
      const event = parseCef(`CEF:0|A|B|1|x|n|3|${body}`);
      expect(Object.keys(event?.extension ?? {}).length).toBeLessThanOrEqual(1000);
    }
  });
});
