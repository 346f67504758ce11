import { accountNameOf, accounts, HOME_REGION } from './cast-accounts.ts';
import { instances, networks, securityGroups } from './cast-instances.ts';
import { principals } from './cast-principals.ts';
import { stableHex, stableUuid } from './random.ts';
import { kinds, type Resource, type ResourceKind, resource } from './resource.ts';

const buckets: readonly Resource[] = [
  ...bucketsOf('payments-prod', 'example-payments-receipts', 'example-payments-artifacts'),
  ...bucketsOf('storefront-prod', 'example-storefront-assets', 'example-storefront-uploads'),
  ...bucketsOf('data-prod', 'example-data-exports', 'example-data-lake-raw', 'example-data-lake-curated'),
  ...bucketsOf('payments-dev', 'example-payments-dev-scratch'),
  ...bucketsOf('storefront-stg', 'example-storefront-stg-assets'),
  ...bucketsOf('log-archive', 'example-org-cloudtrail-logs', 'example-org-config-logs'),
  ...bucketsOf('shared-services', 'example-terraform-state'),
  ...bucketsOf('sandbox-data', 'example-sandbox-data-tmp'),
  ...bucketsOf('sandbox-hackathon', 'example-hackathon-uploads'),
];

const databases: readonly Resource[] = [
  ...named(kinds.database, 'payments-prod', 'payments-orders', 'payments-ledger', 'payments-reporting'),
  ...named(kinds.database, 'storefront-prod', 'storefront-catalog', 'storefront-sessions'),
  ...named(kinds.database, 'data-prod', 'data-metastore'),
  ...named(kinds.database, 'payments-dev', 'payments-dev-orders'),
  ...named(kinds.database, 'storefront-stg', 'storefront-stg-catalog'),
];

const snapshots: readonly Resource[] = [
  resource(kinds.rdsSnapshot, 'storefront-prod', 'storefront-catalog-before-migration'),
  resource(kinds.rdsSnapshot, 'data-prod', 'data-metastore-manual'),
  resource(kinds.ebsSnapshot, 'storefront-stg', 'storefront-stg-golden', {
    id: hexId('snap', 'storefront-stg-golden'),
  }),
];

const compute: readonly Resource[] = [
  ...named(kinds.function, 'payments-prod', 'payments-webhook', 'payments-settlement'),
  ...named(kinds.function, 'storefront-prod', 'storefront-image-resize', 'storefront-search-index'),
  ...named(kinds.function, 'data-prod', 'data-export-notify'),
  ...named(kinds.function, 'payments-dev', 'payments-dev-webhook'),
  ...named(kinds.function, 'shared-services', 'shared-account-report'),
  resource(kinds.function, 'storefront-prod', 'storefront-edge-auth', { region: 'us-east-1' }),
  ...named(kinds.eksCluster, 'storefront-prod', 'storefront-eks'),
  ...named(kinds.repository, 'payments-prod', 'payments-api', 'payments-settlement-image'),
  ...named(kinds.repository, 'storefront-prod', 'storefront-web', 'storefront-checkout'),
  ...named(kinds.repository, 'data-prod', 'data-airflow'),
];

const messaging: readonly Resource[] = [
  ...named(kinds.topic, 'payments-prod', 'payments-events'),
  ...named(kinds.topic, 'storefront-prod', 'storefront-orders'),
  ...named(kinds.queue, 'payments-prod', 'payments-settlement-queue'),
  ...named(kinds.queue, 'storefront-prod', 'storefront-mail-queue'),
  ...named(kinds.table, 'payments-prod', 'payments-idempotency'),
  ...named(kinds.table, 'storefront-prod', 'storefront-carts'),
  ...named(kinds.table, 'storefront-stg', 'storefront-stg-carts'),
];

const protectedThings: readonly Resource[] = [
  keyOf('payments-prod', 'payments-data'),
  keyOf('storefront-prod', 'storefront-data'),
  keyOf('data-prod', 'data-lake'),
  resource(kinds.secret, 'payments-prod', 'payments-orders-password', { id: 'payments-orders-password-AbCdEf' }),
  resource(kinds.secret, 'storefront-prod', 'storefront-mail-token', { id: 'storefront-mail-token-AbCdEf' }),
  resource(kinds.trail, 'org-management', 'example-org-trail'),
  balancer('storefront-prod', 'storefront-public'),
  balancer('payments-prod', 'payments-public'),
  balancer('storefront-stg', 'storefront-stg-public'),
];

const volumes: readonly Resource[] = instances
  .filter((candidate) => !candidate.name.startsWith('miner'))
  .map((candidate) => ({
    ...resource(kinds.ebsVolume, accountNameOf(candidate.account), `${candidate.name}-root`, {
      id: hexId('vol', candidate.name),
    }),
  }));

const iam: readonly Resource[] = principals.flatMap((who) => {
  const accountName = accountNameOf(who.account);
  if (who.kind === 'iam-user') return [resource(kinds.user, accountName, who.name)];
  if (who.kind === 'service-role') return [resource(kinds.role, accountName, who.name)];
  return [];
});

const accountWide: readonly Resource[] = accounts.flatMap((account) => [
  resource(kinds.account, account.name, account.name, { id: account.id }),
  detectorOf(account.name, HOME_REGION),
]);

/** Everything the company has, by key. */
export const resources: ReadonlyMap<string, Resource> = new Map(
  [
    ...accountWide,
    ...networks.flatMap((home) => [home.vpc, home.publicSubnet, home.privateSubnet, home.defaultSecurityGroup]),
    ...securityGroups,
    ...instances,
    ...volumes,
    ...buckets,
    ...databases,
    ...snapshots,
    ...compute,
    ...messaging,
    ...protectedThings,
    ...iam,
  ].map((entry) => [entry.key, entry]),
);

/** A resource by its key, such as `bucket/example-data-exports`. */
export function resourceOf(key: string): Resource {
  const found = resources.get(key);
  if (found === undefined) throw new RangeError(`no resource ${key} in the sample organization`);
  return found;
}

function bucketsOf(accountName: string, ...names: string[]): Resource[] {
  return named(kinds.bucket, accountName, ...names);
}

function named(of: ResourceKind, accountName: string, ...names: string[]): Resource[] {
  return names.map((name) => resource(of, accountName, name));
}

function keyOf(accountName: string, name: string): Resource {
  return resource(kinds.kmsKey, accountName, name, { id: stableUuid(`kms|${name}`) });
}

function balancer(accountName: string, name: string): Resource {
  return resource(kinds.alb, accountName, name, { id: `${name}/${stableHex(`alb|${name}`, 16)}` });
}

function detectorOf(accountName: string, region: string): Resource {
  return resource(kinds.detector, accountName, `${accountName}/${region}`, {
    region,
    id: stableHex(`detector|${accountName}|${region}`, 32),
  });
}

function hexId(prefix: string, name: string): string {
  return `${prefix}-0${stableHex(`${prefix}|${name}`, 16)}`;
}
