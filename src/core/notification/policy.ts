import type { Config, DestinationConfig, Receiver, RouteConfig } from '#core/config/config-schema.ts';
import type { FindingKind, ProblemKind } from '#core/finding/observation.ts';
import type { Severity } from '#core/finding/severity.ts';
import { type Destination, destinationKey, type Language } from '#core/notification/destination.ts';

/** Floors when `minimumSeverity` says nothing. */
export const DEFAULT_FLOORS: Readonly<Record<FindingKind, Severity>> = {
  guardduty: 'LOW',
  securityhub: 'MEDIUM',
  health: 'INFORMATIONAL',
};

/** A team's or the central team's side of routing. */
export type ReceiverPolicy = {
  readonly language: Language;
  readonly destinations: Readonly<Partial<Record<FindingKind, Destination>>>;
  readonly floors: Readonly<Record<FindingKind, Severity>>;
  readonly quietHours: Receiver['quietHours'];
  readonly digest: Receiver['digest'];
};

export type RoutePolicy = Omit<RouteConfig, 'to'> & { readonly to: 'team' | 'central' | Destination | null };

/** yagura.yaml made ready for decisions. */
export type RoutingPolicy = {
  readonly teams: ReadonlyMap<string, ReceiverPolicy>;
  readonly central: ReceiverPolicy;
  readonly routes: readonly RoutePolicy[];
  /** Destinations that only routes name. */
  readonly extras: readonly { readonly destination: Destination; readonly language: Language }[];
};

/** Prepares the routing part of the configuration. */
export function routingPolicy(config: Config): RoutingPolicy {
  const central = receiverPolicy(config.central);
  const routes = config.routes.map((route) => ({ ...route, to: target(route.to) }));
  const extras = new Map<string, { destination: Destination; language: Language }>();
  for (const route of routes) {
    if (route.to === null || typeof route.to === 'string') continue;
    extras.set(destinationKey(route.to), { destination: route.to, language: route.language ?? central.language });
  }
  return {
    teams: new Map(Object.entries(config.teams).map(([id, team]) => [id, receiverPolicy(team)])),
    central,
    routes,
    extras: [...extras.values()],
  };
}

/** The kind whose channel and floor a problem uses; account lifecycle uses the Security Hub channel. */
export function channelKind(kind: ProblemKind): FindingKind {
  return kind === 'account' ? 'securityhub' : kind;
}

/** Turns a configured destination into one. */
export function toDestination(config: DestinationConfig): Destination {
  if (typeof config === 'string') return { kind: 'slack', channel: config };
  return 'webhook' in config
    ? { kind: 'slack-webhook', webhook: config.webhook }
    : { kind: 'amazon-q', topicArn: config.amazonQ };
}

function target(to: RouteConfig['to']): RoutePolicy['to'] {
  return to === undefined ? null : to === 'team' || to === 'central' ? to : toDestination(to);
}

function receiverPolicy(receiver: Receiver): ReceiverPolicy {
  const destinations: Partial<Record<FindingKind, Destination>> = {};
  for (const kind of ['guardduty', 'securityhub', 'health'] as const) {
    const configured = receiver.slack[kind];
    if (configured !== undefined) destinations[kind] = toDestination(configured);
  }
  return {
    language: receiver.language,
    destinations,
    floors: {
      guardduty: receiver.minimumSeverity.guardduty ?? DEFAULT_FLOORS.guardduty,
      securityhub: receiver.minimumSeverity.securityhub ?? DEFAULT_FLOORS.securityhub,
      health: receiver.minimumSeverity.health ?? DEFAULT_FLOORS.health,
    },
    quietHours: receiver.quietHours,
    digest: receiver.digest,
  };
}
