import { awsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { createHealthSource } from '#adapters/health/health-source.ts';
import { createContainer } from '#apps/lambda/container.ts';
import { hubOf } from '#apps/lambda/hub.ts';
import { managementAccess } from '#apps/lambda/management-access.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { pollHealth } from '#engine/poll-health.ts';

const container = createContainer(process.env);
const open = hubOf(container);
const { env, clock, log } = container;

/** Every few minutes: what changed in AWS Health for every account, merged with what EventBridge brought. The sweeper, a minute away, tells delivery. */
export async function handler(): Promise<{ observations: number }> {
  const { config, intake } = await open();
  const source = createHealthSource({
    clock,
    onProblem: (problem) => log.warn(problem),
    ...managementAccess(env, config.health),
  });
  try {
    return { observations: await pollHealth(source, intake) };
  } catch (thrown) {
    if (!isWithoutPlan(thrown)) throw thrown;
    // Not a failure of the function: its alarm would ring until somebody buys a support plan, and hide every other failure.
    log.error(thrown.message);
    return { observations: 0 };
  }
}

function isWithoutPlan(thrown: unknown): thrown is YaguraError {
  return thrown instanceof YaguraError && awsFailure(thrown.cause).name === 'SubscriptionRequiredException';
}
