/** The server refuses more in one request. */
export const MAX_EVENT_CHARACTERS = 2_000_000;

export type EventTextProblem = 'empty' | 'long' | 'not-json';

/** What is wrong with a pasted text before it is sent: JSON, a JSON array, or one JSON document a line. */
export function eventTextProblem(text: string): EventTextProblem | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return 'empty';
  if (trimmed.length > MAX_EVENT_CHARACTERS) return 'long';
  if (isJson(trimmed)) return undefined;
  const lines = trimmed.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.some(isJson) ? undefined : 'not-json';
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    // The answer to the question asked.
    return false;
  }
}
