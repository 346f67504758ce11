/** The UTC day of a moment as the lake's partitions write it, YYYYMMDD. */
export function utcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
}
