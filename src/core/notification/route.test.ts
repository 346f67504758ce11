import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awsEvent, type EventRecipe } from '../../../test/stand-ins/events/aws-events.ts';
import { parseConfig } from '../config/parse-config.ts';
import { observe } from '../intake/observe.ts';
import { buildDirectory } from '../organization/directory.ts';
import { destinationKey, destinationLabel, destinationOfKey } from './destination.ts';
import { isBetween, nextAt } from './local-time.ts';
import { matchesPattern } from './pattern.ts';
import { routingPolicy } from './policy.ts';
import { route } from './route.ts';

const base = `
organization:
  accounts:
    - { id: "111122223333", name: payments-prod, ou: Workloads/Prod, environment: prod, team: payments }
    - { id: "222233334444", name: web-dev, ou: Workloads/NonProd, environment: non-prod, team: web }
teams:
  payments: { name: P, slack: { guardduty: "#p", securityhub: "#p", health: "#p" } }
  web: { name: W, slack: { guardduty: "#w", securityhub: { webhook: web-hook }, health: { amazonQ: "arn:aws:sns:us-east-1:111122223333:topic" } } }
central: { slack: { guardduty: "#c", securityhub: "#c", health: "#c" } }
`;

/** Where one event goes under these routes: `send #c because route-name`. */
function routed(routes: string, recipe: EventRecipe, at = Date.UTC(2026, 0, 5, 12), yaml = base): string[] {
  const { config, problems } = parseConfig(`${yaml}${routes === '' ? '' : `routes:\n${routes}`}`);
  const [observation] = observe(awsEvent(recipe)).observations;
  if (config === undefined || observation === undefined) throw new Error(JSON.stringify(problems));
  const account = buildDirectory(config).find(observation.accountId ?? '');
  return route(observation, account, routingPolicy(config), at).routed.map(
    ({ decision, destination, reason, dueAt }) =>
      `${decision} ${destinationLabel(destination)} by ${'route' in reason ? reason.route : reason.code}${dueAt === null ? '' : ` at ${new Date(dueAt).toISOString()}`}`,
  );
}

describe('routes', () => {
  it('are none: the implicit team and central rules decide', () => {
    expect(routed('', 'control')).toEqual(['send #p by team-floor', 'send #c by central-floor']);
  });

  it.each<[string, string, string[]]>([
    ['silence everybody', '- { name: quiet, decision: drop }', ['drop #p by quiet', 'drop #c by quiet']],
    [
      'silence the central team alone',
      '- { name: quiet, to: central, decision: drop }',
      ['send #p by team-floor', 'drop #c by quiet'],
    ],
    ['speak for the team alone', '- { name: loud, to: team }', ['send #p by loud', 'send #c by central-floor']],
    [
      'add a destination',
      '- { name: more, to: "#extra" }',
      ['send #p by team-floor', 'send #c by central-floor', 'send #extra by more'],
    ],
    [
      'raise a floor',
      '- { name: high, to: team, minimumSeverity: CRITICAL }',
      ['drop #p by below-floor', 'send #c by central-floor'],
    ],
    [
      'win by their order',
      '- { name: first, to: central, decision: drop }\n  - { name: second, to: central }',
      ['send #p by team-floor', 'drop #c by first'],
    ],
    [
      'let one that does not match pass',
      '- { name: other, match: { type: ["EC2.*"] }, decision: drop }\n  - { name: mine, match: { type: ["S3.*"] }, to: central }',
      ['send #p by team-floor', 'send #c by mine'],
    ],
    [
      'collect for the digest',
      '- { name: daily, to: central, decision: digest }',
      ['send #p by team-floor', 'digest #c by daily at 2026-01-06T00:00:00.000Z'],
    ],
  ])('%s', (_what, routes, expected) => {
    expect(routed(`  ${routes}\n`, 'control')).toEqual(expected);
  });

  it('reach webhooks and Amazon Q of a team', () => {
    expect(routed('', { of: 'control', set: { 'finding.AwsAccountId': '222233334444' } })[0]).toBe(
      'send webhook web-hook by team-floor',
    );
    expect(routed('', { of: 'health', set: { 'detail.affectedAccount': '222233334444' } })[0]).toBe(
      'send Amazon Q topic by team-floor',
    );
  });

  it('tell a channel that team and central share once, when either wants it', () => {
    const shared = base
      .replace('central: {', 'central: { minimumSeverity: { securityhub: CRITICAL },')
      .replaceAll('"#c"', '"#p"');
    const strict = base
      .replace('name: P,', 'name: P, minimumSeverity: { securityhub: CRITICAL },')
      .replaceAll('"#c"', '"#p"');

    expect(routed('', 'control', undefined, shared)).toEqual(['send #p by team-floor']);
    expect(routed('', 'control', undefined, strict)).toEqual(['send #p by central-floor']);
  });

  it('let posts wait for the end of quiet hours, but for severities that must not wait', () => {
    const yaml = base.replace('central: {', 'central: { quietHours: { from: "22:00", to: "07:00" },');
    const [day, night] = [Date.UTC(2026, 0, 5, 12), Date.UTC(2026, 0, 5, 14)];
    const critical = { of: 'control', set: { 'finding.Severity.Label': 'CRITICAL' } };

    const central = [
      routed('', 'control', day, yaml),
      routed('', 'control', night, yaml),
      routed('', critical, night, yaml),
    ];

    expect(central.map((lines) => lines[1])).toEqual([
      'send #c by central-floor',
      'digest #c by quiet-hours at 2026-01-05T22:00:00.000Z',
      'send #c by central-floor',
    ]);
  });
});

describe('times of day', () => {
  it.each([
    ['2026-01-05T13:00:00Z', '22:00', '07:00', true],
    ['2026-01-05T12:59:00Z', '22:00', '07:00', false],
    ['2026-01-05T21:59:00Z', '22:00', '07:00', true],
    ['2026-01-05T22:00:00Z', '22:00', '07:00', false],
    ['2026-01-05T03:00:00Z', '12:00', '13:00', true],
    ['2026-01-05T04:00:00Z', '12:00', '13:00', false],
  ])('%s lies between %s and %s in Tokyo: %s', (at, from, to, expected) => {
    expect(isBetween(Date.parse(at), from, to, 'Asia/Tokyo')).toBe(expected);
  });

  it('come next within a day, never now', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1.7e12, max: 1.9e12 }), fc.nat(23), fc.nat(59), (at, hour, minute) => {
        const clock = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

        const next = nextAt(at, clock, 'Asia/Tokyo');

        expect(next).toBeGreaterThan(at);
        expect(next - at).toBeLessThanOrEqual(86_400_000);
        expect(
          new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' }).format(next),
        ).toBe(clock);
      }),
    );
  });
});

describe('patterns', () => {
  it('match as their parts stand in order, like a regular expression would', () => {
    const text = fc.stringMatching(/^[ab.*]{0,8}$/);
    fc.assert(
      fc.property(text, text, (pattern, value) => {
        const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 's');

        expect(matchesPattern(pattern, value)).toBe(expression.test(value));
      }),
      { numRuns: 3_000 },
    );
  });

  it('of an attacker cost nothing', () => {
    expect(matchesPattern(`${'*a'.repeat(1_000)}*b`, 'a'.repeat(100_000))).toBe(false);
  });
});

describe('destinations', () => {
  it('are found again by their key', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const all = [
          { kind: 'slack', channel: `#${name}` },
          { kind: 'slack-webhook', webhook: name },
          { kind: 'amazon-q', topicArn: `arn:aws:sns:${name}` },
        ] as const;

        expect(all.map((one) => destinationOfKey(destinationKey(one)))).toEqual(all);
        expect(new Set(all.map(destinationKey)).size).toBe(3);
      }),
    );
  });
});
