import type {
  AcceptRisk,
  ChannelRow,
  DeliveryRow,
  ExplainResult,
  FindingDetail,
  FindingSummary,
  MessagePage,
  MessageRow,
  Overview,
  RouteView,
  Session,
  UnknownEvents,
} from '../../src/ports/http-api.ts';
import { deliverySummary, makeDeliveries } from './deliveries.ts';
import { makeFindings, observationOf, rawEvent } from './findings.ts';
import { destinationOf, explanationsFor, makeMessages } from './messages.ts';
import { ACCOUNTS, NOW, noneOpen, openBySeverity, TEAMS } from './organization.ts';

export type Variant = 'usual' | 'large' | 'empty';
type Exception = NonNullable<FindingDetail['exception']>;

/** Everything the mock server knows; changed by what the console does. */
export type World = {
  readonly session: Session;
  readonly findings: FindingSummary[];
  readonly messages: MessageRow[];
  readonly deliveries: DeliveryRow[];
  readonly exceptions: Map<string, Exception>;
  readonly histories: Map<string, FindingDetail['history']>;
  readonly unknown: UnknownEvents;
};

const SIZES: Readonly<Record<Variant, number>> = { usual: 60, large: 10_000, empty: 0 };

/** A world of one of the sizes. */
export function makeWorld(variant: Variant): World {
  const findings = makeFindings(SIZES[variant]);
  const told = findings.slice(0, 200);
  return {
    session: {
      who: { id: 'local', name: 'Local user', role: 'central', teams: [] },
      version: '0.1.0',
      sample: variant !== 'empty',
      organization: variant === 'empty' ? 'Example Corp' : 'Kitakaze Commerce',
      defaultLanguage: 'ja',
      slack: variant === 'empty' ? 'bot' : 'none',
    },
    findings,
    messages: makeMessages(told, 'feed'),
    deliveries: makeDeliveries(variant === 'large' ? findings.slice(0, 2_000) : told),
    exceptions: new Map(),
    histories: new Map(),
    unknown: variant === 'empty' ? { counts: [], newest: [] } : unknownEvents(),
  };
}

function unknownEvents(): UnknownEvents {
  const raw = JSON.stringify({
    version: '0',
    'detail-type': 'EC2 Spot Instance Interruption Warning',
    source: 'aws.ec2',
  });
  return {
    counts: [
      { detailType: 'EC2 Spot Instance Interruption Warning', reason: 'no kind claims it', count: 14 },
      { detailType: '', reason: 'not an EventBridge envelope: detail-type is missing', count: 2 },
    ],
    newest: [
      {
        id: 'unknown-1',
        at: NOW - 120_000,
        detailType: 'EC2 Spot Instance Interruption Warning',
        reason: 'no kind claims it',
        raw,
      },
      {
        id: 'unknown-2',
        at: NOW - 240_000,
        detailType: '',
        reason: 'not an EventBridge envelope: detail-type is missing',
        raw: '{"hello":',
      },
    ],
  };
}

/** What the home page shows. */
export function overviewOf(world: World): Overview {
  const { findings } = world;
  const open = (team: string | null) => openBySeverity(findings, (finding) => (finding.team?.id ?? null) === team);
  const all = [null, ...TEAMS.map((team) => team.id)];
  return {
    open: findings.length === 0 ? noneOpen() : openBySeverity(findings, () => true),
    byTeam:
      findings.length === 0
        ? []
        : all.map((team) => ({
            team,
            teamName: TEAMS.find((each) => each.id === team)?.name ?? null,
            open: open(team),
          })),
    unownedAccounts:
      findings.length === 0 ? 0 : ACCOUNTS.filter((account) => account.team === null && account.known).length,
    outbox: deliverySummary(world.deliveries).totals,
    unknownEvents: world.unknown.counts.reduce((sum, each) => sum + each.count, 0),
    accepted: {
      events: findings.length * 3,
      problems: findings.length,
      perKind: { guardduty: findings.length, securityhub: findings.length, health: Math.floor(findings.length / 10) },
    },
  };
}

/** The channels that were told something. */
export function channelsOf(world: World): ChannelRow[] {
  const channels = new Map<string, ChannelRow>();
  for (const message of world.messages) {
    const known = channels.get(message.destinationKey);
    const count = (known?.count ?? 0) + 1;
    const audience = message.destinationKey.startsWith('slack:#sec-') ? 'central' : 'team';
    const { destinationKey, destination } = message;
    const newestAt = Math.max(known?.newestAt ?? 0, message.sentAt);
    channels.set(destinationKey, { destinationKey, destination, label: destinationKey, audience, count, newestAt });
  }
  return [...channels.values()].sort((a, b) => a.label.localeCompare(b.label));
}

/** A page of messages, newest first. */
export function messagePage(world: World, query: URLSearchParams): MessagePage {
  const destination = query.get('destination');
  const limit = Number(query.get('limit') ?? '50');
  const from = Number(query.get('before') ?? '0');
  const found = world.messages.filter((message) => destination === null || message.destinationKey === destination);
  const end = from + limit;
  return { items: found.slice(from, end), total: found.length, nextToken: end < found.length ? String(end) : null };
}

/** One finding with everything around it. */
export function detailOf(world: World, summary: FindingSummary): FindingDetail {
  const message = world.messages.find((each) => each.problemKeys.some((key) => key === summary.key));
  const opened = { at: summary.firstSeenAt, what: 'opened', by: 'yagura', detail: summary.type } as const;
  const routed = {
    at: summary.firstSeenAt + 400,
    what: 'routed',
    by: 'yagura',
    detail: 'send #payments-guardduty',
  } as const;
  return {
    summary,
    observation: observationOf(summary),
    state: 'active',
    history: [opened, routed, ...(world.histories.get(summary.key) ?? [])],
    threads:
      message === undefined
        ? []
        : [{ destination: destinationOf(summary), messageId: message.id, ts: null, sentAt: message.sentAt }],
    routes: explanationsFor(summary, 0, 'ja'),
    exception: summary.exceptionId === null ? null : (world.exceptions.get(summary.exceptionId) ?? null),
    raw: rawEvent(summary),
  };
}

/** Changes a finding and remembers it in its history. */
export function changeFinding(
  world: World,
  key: string,
  change: Partial<FindingSummary>,
  entry: Pick<FindingDetail['history'][number], 'what' | 'detail'>,
): FindingSummary | undefined {
  const index = world.findings.findIndex((finding) => finding.key === key);
  const found = world.findings[index];
  if (found === undefined) return undefined;
  const changed = { ...found, ...change };
  world.findings[index] = changed;
  const history = world.histories.get(key) ?? [];
  world.histories.set(key, [...history, { at: NOW + history.length * 1_000, by: world.session.who.name, ...entry }]);
  return changed;
}

/** Makes an exception for a finding. */
export function acceptRisk(world: World, key: string, request: AcceptRisk): FindingSummary | undefined {
  const id = `exception-${world.exceptions.size + 1}`;
  world.exceptions.set(id, {
    id,
    scope: { type: 'mock' },
    reason: request.reason,
    owner: world.session.who.name,
    createdBy: world.session.who.name,
    createdAt: NOW,
    expiresAt: NOW + request.days * 86_400_000,
    removedAt: null,
    removedBy: null,
    silenced: 0,
  });
  return changeFinding(world, key, { exceptionId: id }, { what: 'exception-added', detail: request.reason });
}

/** What would happen to pasted events. */
export function explain(world: World, events: string, language: 'ja' | 'en'): ExplainResult {
  try {
    const value: unknown = JSON.parse(events);
    const finding = world.findings[0];
    const count = Array.isArray(value) ? value.length : 1;
    if (finding === undefined) return { entries: [], errors: [] };
    const entries = Array.from({ length: count }, (_, index) => explanationsFor(finding, index, language)).flat();
    return { entries, errors: [] };
  } catch (cause) {
    return { entries: [], errors: [`line 1: ${cause instanceof Error ? cause.message : String(cause)}`] };
  }
}

/** The routes in force. */
export function routesOf(world: World): RouteView[] {
  if (world.findings.length === 0) return [];
  const implicit = TEAMS.flatMap((team) =>
    (['guardduty', 'securityhub', 'health'] as const).map(
      (kind): RouteView => ({
        name: `${team.id}/${kind}`,
        match: `kind: ${kind}; team: ${team.id}`,
        to: `#${team.id}-${kind}`,
        decision: 'send',
        floor: kind === 'health' ? null : 'MEDIUM',
        implicit: true,
      }),
    ),
  );
  return [
    {
      name: 'sandbox-quiet',
      match: 'environment: sandbox; kind: securityhub',
      to: '*',
      decision: 'digest',
      floor: 'HIGH',
      implicit: false,
    },
    { name: 'ignore-samples', match: 'sample: true', to: '*', decision: 'drop', floor: null, implicit: false },
    ...implicit,
  ];
}
