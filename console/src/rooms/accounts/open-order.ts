import { SEVERITIES_WORST_FIRST, type Severity } from '../../api/api-types.ts';

/** Open problems by severity. */
export type Open = Readonly<Record<Severity, number>>;

/** All of them. */
export function totalOpen(open: Open): number {
  return SEVERITIES_WORST_FIRST.reduce((sum, severity) => sum + open[severity], 0);
}

/** Orders by the worst severity first: one critical outweighs any number of high ones. */
export function compareOpen(a: Open, b: Open): number {
  for (const severity of SEVERITIES_WORST_FIRST) {
    const difference = a[severity] - b[severity];
    if (difference !== 0) return difference;
  }
  return 0;
}
