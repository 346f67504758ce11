import { FINDING_KINDS, type FindingKind } from '#core/finding/observation.ts';
import { reaches, type Severity } from '#core/finding/severity.ts';
import { type Destination, destinationLabel } from '#core/notification/destination.ts';
import { channelKind, type RoutePolicy, type RoutingPolicy } from '#core/notification/policy.ts';
import type { RouteView } from '#ports/http-api.ts';

/** The routes in force, in order; those that nobody wrote come last. */
export function routeViews(policy: RoutingPolicy): RouteView[] {
  return [
    ...policy.routes.map(writtenView),
    ...FINDING_KINDS.flatMap((kind) => [...teamViews(kind, policy), ...centralViews(kind, policy)]),
    ...specialViews(policy),
  ];
}

function writtenView(route: RoutePolicy): RouteView {
  const conditions = Object.entries(route.match).map(
    ([key, value]) => `${key}: ${Array.isArray(value) ? value.join(', ') : String(value)}`,
  );
  return {
    name: route.name,
    match: conditions.join('; '),
    to: route.to === null ? '*' : typeof route.to === 'string' ? route.to : destinationLabel(route.to),
    decision: route.decision,
    floor: route.minimumSeverity ?? null,
    implicit: false,
  };
}

function implicit(name: string, match: string, to: Destination | undefined, floor: Severity | null): RouteView[] {
  return to === undefined ? [] : [{ name, match, to: destinationLabel(to), decision: 'send', floor, implicit: true }];
}

/** A team without a channel of this kind is spoken for by the central team. */
function teamViews(kind: FindingKind, policy: RoutingPolicy): RouteView[] {
  const centralFloor = policy.central.floors[kind];
  return [...policy.teams].flatMap(([id, team]) => {
    const own = team.destinations[kind];
    const floor = team.floors[kind];
    const match = `kind: ${kind}; team: ${id}`;
    if (own !== undefined) return implicit(`${id}/${kind}`, match, own, floor);
    const lower = reaches(floor, centralFloor) ? centralFloor : floor;
    return implicit(`central/${id}/${kind}`, match, centralFor(kind, policy), lower);
  });
}

function centralViews(kind: FindingKind, policy: RoutingPolicy): RouteView[] {
  return [
    ...implicit(`central/${kind}`, `kind: ${kind}`, policy.central.destinations[kind], policy.central.floors[kind]),
    ...implicit(`central/no-owner/${kind}`, `kind: ${kind}; team: none`, centralFor(kind, policy), null),
  ];
}

function specialViews(policy: RoutingPolicy): RouteView[] {
  const { floors } = policy.central;
  return [
    ...implicit('central/public-health', 'kind: health; account: none', centralFor('health', policy), floors.health),
    ...implicit('central/account', 'kind: account', centralFor(channelKind('account'), policy), null),
  ];
}

function centralFor(kind: FindingKind, { central }: RoutingPolicy): Destination | undefined {
  return central.destinations[kind] ?? Object.values(central.destinations)[0];
}
