import { describe, expect, it } from 'vitest';
import { MAX_SHOWN_CHARACTERS, prettyJson } from './pretty-json.ts';

describe('prettyJson', () => {
  it('indents JSON', () => {
    expect(prettyJson('{"a":[1]}').shown).toBe('{\n  "a": [\n    1\n  ]\n}');
  });

  it('keeps what is no JSON as it came', () => {
    expect(prettyJson('{"hello":')).toEqual({ whole: '{"hello":', shown: '{"hello":', omitted: 0 });
  });

  it('shows the beginning of a huge event and counts the rest', () => {
    const pretty = prettyJson(JSON.stringify('x'.repeat(MAX_SHOWN_CHARACTERS)));

    expect(pretty.shown).toHaveLength(MAX_SHOWN_CHARACTERS);
    expect(pretty.omitted).toBe(2);
    expect(pretty.whole).toHaveLength(MAX_SHOWN_CHARACTERS + 2);
  });
});
