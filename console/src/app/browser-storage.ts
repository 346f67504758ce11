/** What the browser remembers for us under a name, or null; a browser that forbids storage remembers nothing. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`yagura.${name}`);
  } catch {
    // Blocked storage throws on access; the console works without it.
    return null;
  }
}

/** Remembers a value for the next visit where the browser allows it. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`yagura.${name}`, value);
  } catch {
    // Blocked or full storage: the choice lasts until the page is closed.
  }
}
