import type { Logger } from 'pino';
import type { Changes } from '#apps/server/changes.ts';
import type { LakeAccess } from '#apps/server/lake-access.ts';
import type { Config } from '#core/config/config-schema.ts';
import type { Links } from '#core/notification/message-input.ts';
import type { RoutingPolicy } from '#core/notification/policy.ts';
import type { AcceptReport, IncomingEvent } from '#engine/accept-events.ts';
import type { DeliveryLoop } from '#engine/delivery/delivery-loop.ts';
import type { DirectoryKeeper } from '#engine/keep-directory.ts';
import type { Clock, Random } from '#ports/clock.ts';
import type { Renderer } from '#ports/renderer.ts';
import type { SecretSource } from '#ports/secret-source.ts';
import type { StateStore } from '#ports/state-store.ts';

/** Everything the HTTP routes need of the running program. */
export type Installation = {
  readonly version: string;
  readonly config: Config;
  readonly policy: RoutingPolicy;
  readonly isSample: boolean;
  readonly hasSlack: boolean;
  readonly store: StateStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly directory: DirectoryKeeper;
  readonly renderer: Renderer;
  readonly secrets: SecretSource;
  readonly links: Links;
  readonly log: Logger;
  readonly changes: Changes;
  readonly lake: LakeAccess;
  readonly delivery: () => DeliveryLoop;
  /** Accepts events through the pipeline and wakes delivery. */
  accept(incoming: readonly IncomingEvent[], receivedAt?: number): Promise<AcceptReport>;
  readonly accepted: () => { events: number; problems: number; perKind: Readonly<Record<string, number>> };
};
