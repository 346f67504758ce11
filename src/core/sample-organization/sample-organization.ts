import { accountLifecycleEvents, instanceStateEvents } from './account-lifecycle.ts';
import {
  accounts,
  organizationIds,
  type SampleAccount,
  type SampleTeam,
  type SampleUnit,
  teams,
  units,
} from './cast-accounts.ts';
import { sampleConfigYaml } from './config-yaml.ts';
import { noiseDetections } from './detections-noise.ts';
import { storyDetections } from './detections-story.ts';
import { guardDutyEvents } from './guardduty.ts';
import { guardDutyThroughSecurityHub } from './guardduty-asff.ts';
import { guardDutyThroughV2 } from './guardduty-ocsf.ts';
import { healthEvents } from './health.ts';
import { inspectorEvents } from './inspector.ts';
import { controlChecks } from './posture.ts';
import { controlEvents, customActionEvents } from './security-hub-controls.ts';
import { productEvents } from './security-hub-products.ts';
import { controlEventsV2 } from './security-hub-v2.ts';
import type { Beat, SampleEvent } from './types.ts';
import { createWorld, type World } from './world.ts';

const DEFAULT_SEED = 20;

type SampleOptions = {
  readonly seed?: number;
  /** End of the fourteen days, in milliseconds since 1970. */
  readonly endAt: number;
};

export type SampleOrganization = {
  readonly organization: {
    readonly id: string;
    readonly rootId: string;
    readonly units: readonly SampleUnit[];
    readonly accounts: readonly SampleAccount[];
  };
  readonly teams: readonly SampleTeam[];
  /** Text of a `yagura.yaml` that fits the events. */
  readonly configYaml: string;
  readonly story: readonly Beat[];
  /** In the order of their envelopes' times. */
  readonly events: readonly SampleEvent[];
};

/**
 * A company with twelve accounts and fourteen days of its events in AWS's own formats.
 * The same seed and end give the same bytes.
 */
export function sampleOrganization({ seed = DEFAULT_SEED, endAt }: SampleOptions): SampleOrganization {
  const world = createWorld(seed, endAt);
  return {
    organization: { id: organizationIds.id, rootId: organizationIds.root, units, accounts },
    teams,
    configYaml: sampleConfigYaml(),
    story: world.story.beats,
    events: eventsOf(world),
  };
}

function eventsOf(world: World): SampleEvent[] {
  const { start, end } = world.calendar;
  const detections = [...storyDetections(world), ...noiseDetections(world)];
  const checks = controlChecks(world);
  return [
    ...guardDutyEvents(detections),
    ...guardDutyThroughSecurityHub(detections),
    ...guardDutyThroughV2(detections),
    ...controlEvents(checks, world),
    ...controlEventsV2(checks),
    ...customActionEvents(checks, world),
    ...inspectorEvents(world),
    ...productEvents(world),
    ...healthEvents(world),
    ...accountLifecycleEvents(world),
    ...instanceStateEvents(world),
  ]
    .filter((event) => event.time >= start && event.time < end)
    .sort((a, b) => a.time - b.time || (a.envelope.id < b.envelope.id ? -1 : 1));
}
