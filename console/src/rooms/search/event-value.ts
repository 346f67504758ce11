type Event = Readonly<Record<string, unknown>>;

/** The first of these fields that the event has, as text. */
export function valueIn(event: Event, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const found = path.split('.').reduce<unknown>((level, name) => {
      if (typeof level !== 'object' || level === null || !Object.hasOwn(level, name)) return undefined;
      return (level as Event)[name];
    }, event);
    if (typeof found === 'string' || typeof found === 'number') return String(found);
  }
  return undefined;
}

/** When the event happened, epoch ms. */
export function timeIn(event: Event): number {
  return Number(event['time']);
}
