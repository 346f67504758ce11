import type { DeploymentSettings } from './deployment-settings.ts';

/** The bus that only ever receives: forwarding rules stand on default buses, so nothing can go round. */
export const busName = 'yagura';

/** Fixed, because the management account trusts these roles before they exist. */
export const managementRoleName = 'YaguraOrganizationRead';

/** The optional role in member accounts. */
export const memberRoleName = 'YaguraMemberRead';

/** Namespace of the metrics the functions print, and the one that raises an alarm. */
export const metricNamespace = 'Yagura';
export const parkedMetricName = 'ParkedDeliveries';

/** Role of one of the hub's functions. */
export function functionRoleName(functionName: string): string {
  return `yagura-${functionName}`;
}

/** The hub's bus, as the forwarding stacks in other Regions and accounts address it. */
export function hubBusArn(settings: DeploymentSettings): string {
  return `arn:aws:events:${settings.homeRegion}:${settings.hubAccount}:event-bus/${busName}`;
}

/** The role in the management account that reads AWS Organizations and AWS Health. */
export function managementRoleArn(settings: DeploymentSettings): string {
  return `arn:aws:iam::${settings.managementAccount}:role/${managementRoleName}`;
}

/** The functions that may assume it. */
export function managementRoleUsers(settings: DeploymentSettings): string[] {
  const names = ['directory-refresh', ...(settings.healthPolling ? ['health-poller'] : [])];
  return names.map((name) => `arn:aws:iam::${settings.hubAccount}:role/${functionRoleName(name)}`);
}
