import { resolveCname } from 'node:dns/promises';

export const USUAL_HEALTH_REGION = 'us-east-1';
const GLOBAL_NAME = 'global.health.amazonaws.com';

/**
 * The Region whose Health endpoint is active: AWS runs two and points a DNS name at the one that is up to date,
 * which matters most while us-east-1 itself has a problem.
 */
export async function activeHealthRegion(
  lookUp: (name: string) => Promise<readonly string[]> = resolveCname,
): Promise<string> {
  const names = await lookUp(GLOBAL_NAME).catch(nothing);
  const region = /^health\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com\.?$/.exec(names[0] ?? '')?.[1];
  return region ?? USUAL_HEALTH_REGION;
}

// Behind a proxy or in a closed network this name may not resolve at all; the usual Region is then the best guess.
function nothing(): readonly string[] {
  return [];
}
