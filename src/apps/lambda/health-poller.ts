import { createHealthSource } from '#adapters/health/health-source.ts';
import { openHub } from '#apps/lambda/hub.ts';
import { managementAccess } from '#apps/lambda/management-access.ts';
import { pollHealth } from '#engine/poll-health.ts';

/** Every few minutes: what changed in AWS Health for every account, merged with what EventBridge brought. */
export async function handler(): Promise<{ observations: number }> {
  const hub = await openHub();
  const source = createHealthSource({
    clock: hub.delivery.clock,
    onProblem: (problem) => hub.log.warn(problem),
    ...managementAccess(hub.env, hub.config.health),
  });
  const observations = await pollHealth(source, hub.intake);
  // New rows are few here: the sweeper, a minute away, tells delivery.
  return { observations };
}
