import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXml, type XmlElement } from './xml.ts';

function plain(element: XmlElement): unknown {
  const { name, attributes, text, children } = element;
  return { name, attributes: Object.fromEntries(attributes), text, children: children.map(plain) };
}

function readOrReason(text: string): unknown {
  const read = readXml(text);
  return read.ok ? plain(read.root) : read.reason;
}

describe('readXml', () => {
  it('reads attributes in either quotes, text, empty elements and comments, without namespaces', () => {
    const text = `<e:Event xmlns='urn:x' xmlns:e="urn:y" a = "1 > 0"><!-- <no/> --><Data Name='x'>a&amp;b &#x41;&#66;</Data><?pi ?><Empty/></e:Event>`;

    expect(readOrReason(text)).toEqual({
      name: 'Event',
      attributes: { a: '1 > 0' },
      text: '',
      children: [
        { name: 'Data', attributes: { Name: 'x' }, text: 'a&b AB', children: [] },
        { name: 'Empty', attributes: {}, text: '', children: [] },
      ],
    });
  });

  it('takes character data as it stands', () => {
    expect(readOrReason('<a>x<![CDATA[<b>&amp;</b>]]>y</a>')).toMatchObject({ text: 'x<b>&amp;</b>y' });
  });

  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>', 'xml.doctype'],
    ['an entity of its own', '<a>&b;</a>', 'xml.entity'],
    ['an ampersand alone', '<a>b & c</a>', 'xml.entity'],
    ['a number that is no character', '<a>&#x110000;</a>', 'xml.entity'],
    ['an end tag of another element', '<a><b></a></b>', 'xml.malformed'],
    ['an element that does not end', '<a><b>', 'xml.malformed'],
    ['an attribute without quotes', '<a b=c></a>', 'xml.malformed'],
    ['an attribute without value', '<a b></a>', 'xml.malformed'],
    ['an attribute that does not end', '<a b="c></a>', 'xml.malformed'],
    ['a second element', '<a/><b/>', 'xml.malformed'],
    ['text outside', '<a/>b', 'xml.malformed'],
    ['nothing', ' ', 'xml.malformed'],
    ['a tag that swallows the next', '<a<b></a>', 'xml.malformed'],
    ['too many levels', `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`, 'xml.too-deep'],
  ])('refuses %s', (_name, text, reason) => {
    expect(readOrReason(text)).toBe(reason);
  });

  it('gives names of the language no meaning', () => {
    expect(readOrReason('<__proto__ constructor="1">&toString;</__proto__>')).toBe('xml.entity');
  });

  it('never throws', () => {
    const parts = fc.constantFrom(
      '<a>',
      '</a>',
      '<a b="c">',
      '<b/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '&',
      'x',
      '<',
      '>',
      '"',
      '<?',
      ' ',
    );

    fc.assert(
      fc.property(fc.array(parts, { maxLength: 30 }), (pieces) => {
        expect(readXml(pieces.join('')).ok).toBeTypeOf('boolean');
      }),
    );
  });

  it('gives back every text that was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
        expect(readOrReason(`<a b="${escaped}">${escaped}</a>`)).toMatchObject({ text, attributes: { b: text } });
      }),
    );
  });
});
