import { describe, expect, it } from 'vitest';
import { readPreferences, type TablePreferences } from './table-preferences.ts';

const defaults: TablePreferences = {
  pageSize: 25,
  wrapLines: true,
  stripedRows: false,
  contentDensity: 'comfortable',
  contentDisplay: [
    { id: 'title', visible: true },
    { id: 'team', visible: true },
    { id: 'ou', visible: false },
  ],
};

describe('readPreferences', () => {
  it('keeps what the user chose', () => {
    const chosen = {
      ...defaults,
      pageSize: 100,
      wrapLines: false,
      contentDensity: 'compact',
      contentDisplay: defaults.contentDisplay.toReversed(),
    };

    expect(readPreferences(JSON.stringify(chosen), defaults)).toEqual(chosen);
  });

  it.each([null, '', '{', '7', '{"pageSize":7,"contentDisplay":3}'])('falls back to the defaults for %j', (text) => {
    expect(readPreferences(text, defaults)).toEqual(defaults);
  });

  it('forgets columns that are gone and adds those that are new', () => {
    const old = JSON.stringify({
      ...defaults,
      contentDisplay: [
        { id: 'gone', visible: true },
        { id: 'ou', visible: true },
      ],
    });

    expect(readPreferences(old, defaults).contentDisplay).toEqual([
      { id: 'ou', visible: true },
      { id: 'title', visible: true },
      { id: 'team', visible: true },
    ]);
  });
});
