import { resourceOf } from '#core/sample-organization/cast-resources.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import { controlCauses } from './control-causes.ts';
import type { LogWorld } from './log-world.ts';

/** A change of a resource by an API call, which AWS Config records soon after. */
export type ResourceChange = {
  readonly at: number;
  readonly resource: Resource;
  readonly eventName: string;
  readonly kind: 'created' | 'changed' | 'deleted';
  readonly control: { readonly id: string; readonly isFix: boolean } | null;
};

/** Every change that the logs tell of. */
export function resourceChanges(world: LogWorld): ResourceChange[] {
  return [...told(world), ...caused(world)].filter(({ resource }) => resource.type !== 'AWS::::Account');
}

/** True for calls that change nothing. */
export function isReading(eventName: string): boolean {
  return /^(?:Get|List|Describe|Lookup|Search|Head)/.test(eventName);
}

function told(world: LogWorld): ResourceChange[] {
  return world.story.beats.flatMap(({ calls }) =>
    calls
      .filter(
        ({ eventName, errorCode }) => !isReading(eventName) && errorCode === null && eventName !== 'ArchiveFindings',
      )
      .flatMap(({ at, eventName, resources }) =>
        resources.map((key) => ({ at, resource: resourceOf(key), eventName, kind: kindOf(eventName), control: null })),
      ),
  );
}

function caused(world: LogWorld): ResourceChange[] {
  return controlCauses(world).map(({ at, resource, name, control, isFix }) => ({
    at,
    resource,
    eventName: name,
    kind: 'changed',
    control: { id: control, isFix },
  }));
}

function kindOf(eventName: string): ResourceChange['kind'] {
  if (['RunInstances', 'CreateUser', 'CreateSecurityGroup'].includes(eventName)) return 'created';
  return eventName === 'TerminateInstances' ? 'deleted' : 'changed';
}
