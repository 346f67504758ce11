import { instances } from '#core/sample-organization/cast-instances.ts';
import type { Principal } from '#core/sample-organization/cast-principals.ts';

/** How AWS names who is behind the session of a role: a person's user name, or an instance. */
export function sessionNameOf(principal: Principal): string {
  const [, name] = principal.principalId.split(':');
  return name ?? instances.find(({ role }) => role === principal.name)?.id ?? principal.name;
}

/** The ARN that logs have for a principal: a user's own, or that of the session of a role. */
export function sessionArnOf(principal: Principal): string {
  if (principal.kind === 'iam-user' || principal.kind === 'root') return principal.arn;
  return `arn:aws:sts::${principal.account}:assumed-role/${principal.name}/${sessionNameOf(principal)}`;
}
