/** What a page can show without becoming slow; the copy has everything. */
export const MAX_SHOWN_CHARACTERS = 200_000;

/** JSON indented for reading; text that is no JSON stays as it is. `omitted` counts the characters not shown. */
export function prettyJson(json: string): { whole: string; shown: string; omitted: number } {
  const whole = indented(json);
  const shown = whole.slice(0, MAX_SHOWN_CHARACTERS);
  return { whole, shown, omitted: whole.length - shown.length };
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    // Kept bytes of an event that could not be understood.
    return json;
  }
}
