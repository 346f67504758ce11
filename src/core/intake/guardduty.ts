import type { Observation, ObservedActor, ObservedFact, ObservedResource } from '#core/finding/observation.ts';
import { MAX_RESOURCES } from '#core/finding/observation.ts';
import { type Outcome, ok, rejected } from '#core/finding/outcome.ts';
import { guardDutySeverity } from '#core/finding/severity.ts';
import type { Envelope } from '#core/intake/envelope.ts';
import { at, type Fields, fields, first, list, number, present, text, time } from '#core/intake/fields.ts';
import { guardDutyKey } from '#core/intake/problem-key.ts';

/** A `GuardDuty Finding` event; the account in the envelope may be the delegated administrator's. */
export function observeGuardDuty(envelope: Envelope): Outcome<Observation> {
  const detail = camelCased(envelope.detail);
  const id = text(detail, 'id');
  if (id === undefined) return rejected('schema', 'a GuardDuty finding without id');
  const accountId = text(detail, 'accountId') ?? envelope.account;
  const region = text(detail, 'region') ?? envelope.region;
  const stated = number(detail, 'severity');
  const type = text(detail, 'type') ?? 'Unknown';
  const archived = at(detail, 'service', 'archived') === true;
  const resources = readResources(detail);
  return ok({
    kind: 'guardduty',
    topic: 'guardduty-finding',
    key: guardDutyKey(id),
    origin: 'guardduty',
    accountId,
    region,
    // Archived events may come without severity.
    severity: stated === undefined ? 'MEDIUM' : guardDutySeverity(stated),
    severityStated: stated !== undefined,
    state: archived ? 'resolved' : 'active',
    updatedAt:
      first(time(detail, 'updatedAt'), time(detail, 'service', 'eventLastSeen'), envelope.time ?? undefined) ?? 0,
    ...(envelope.time === null ? {} : { passedOnAt: envelope.time }),
    firstSeenAt: first(time(detail, 'service', 'eventFirstSeen'), time(detail, 'createdAt')) ?? null,
    lastSeenAt: first(time(detail, 'service', 'eventLastSeen'), time(detail, 'updatedAt')) ?? null,
    count: number(detail, 'service', 'count') ?? null,
    type,
    product: 'aws/guardduty',
    title: text(detail, 'title') ?? type,
    description: text(detail, 'description') ?? '',
    advice: { text: null, url: null },
    resources: resources.slice(0, MAX_RESOURCES),
    resourceCount: resources.length,
    actor: guardDutyActor(detail),
    sample: isSample(at(detail, 'service', 'additionalInfo')),
    sourceUrl: guardDutyUrl(region, id),
    facts: readFacts(detail),
    marks: {},
  });
}

/** The finding's page in the AWS console. */
export function guardDutyUrl(region: string, findingId: string): string | null {
  if (!/^[a-z0-9-]{5,30}$/.test(region)) return null;
  return `https://${region}.console.aws.amazon.com/guardduty/home?region=${region}#/findings?macros=current&search=id%3D${encodeURIComponent(findingId)}`;
}

function isSample(additionalInfo: unknown): boolean {
  const flag = at(additionalInfo, 'sample');
  if (flag === true || flag === 'true') return true;
  // Newer events carry the same document once more as JSON text in `value`.
  return /"sample"\s*:\s*true/.test(text(additionalInfo, 'value') ?? '');
}

function readResources(detail: Fields): ObservedResource[] {
  const resource = at(detail, 'resource');
  const found: (ObservedResource | undefined)[] = [
    named(
      'AWS::EC2::Instance',
      text(resource, 'instanceDetails', 'instanceId'),
      nameTag(at(resource, 'instanceDetails', 'tags')),
    ),
    named(
      'AWS::IAM::AccessKey',
      text(resource, 'accessKeyDetails', 'accessKeyId'),
      text(resource, 'accessKeyDetails', 'userName'),
    ),
    ...list(resource, 's3BucketDetails').map((bucket) =>
      named('AWS::S3::Bucket', first(text(bucket, 'arn'), text(bucket, 'name')), text(bucket, 'name')),
    ),
    named(
      'AWS::EKS::Cluster',
      first(text(resource, 'eksClusterDetails', 'arn'), text(resource, 'eksClusterDetails', 'name')),
      text(resource, 'eksClusterDetails', 'name'),
    ),
    named(
      'AWS::ECS::Cluster',
      first(text(resource, 'ecsClusterDetails', 'arn'), text(resource, 'ecsClusterDetails', 'name')),
      text(resource, 'ecsClusterDetails', 'name'),
    ),
    named(
      'AWS::RDS::DBInstance',
      first(
        text(resource, 'rdsDbInstanceDetails', 'dbInstanceArn'),
        text(resource, 'rdsDbInstanceDetails', 'dbInstanceIdentifier'),
      ),
      text(resource, 'rdsDbInstanceDetails', 'dbInstanceIdentifier'),
    ),
    named(
      'AWS::Lambda::Function',
      first(text(resource, 'lambdaDetails', 'functionArn'), text(resource, 'lambdaDetails', 'functionName')),
      text(resource, 'lambdaDetails', 'functionName'),
    ),
    named(
      'Container',
      first(text(resource, 'containerDetails', 'id'), text(resource, 'containerDetails', 'name')),
      text(resource, 'containerDetails', 'image'),
    ),
    ...list(resource, 'ebsVolumeDetails', 'scannedVolumeDetails').map((volume) =>
      named('AWS::EC2::Volume', text(volume, 'volumeArn')),
    ),
    ...list(detail, 'service', 'detection', 'sequence', 'resources').map((part) =>
      named(text(part, 'resourceType') ?? 'Resource', first(text(part, 'uid'), text(part, 'name')), text(part, 'name')),
    ),
  ];
  const known = found.filter((item) => item !== undefined);
  const type = text(resource, 'resourceType');
  return known.length > 0 || type === undefined ? known : [{ type, id: type }];
}

function named(type: string, id: string | undefined, name?: string): ObservedResource | undefined {
  if (id === undefined) return undefined;
  return name === undefined || name === id ? { type, id } : { type, id, name };
}

function nameTag(tags: unknown): string | undefined {
  return text(
    list(tags).find((tag) => text(tag, 'key') === 'Name'),
    'value',
  );
}

/** Who acted, from a finding's `resource` and `service.action`. */
export function guardDutyActor(detail: Fields): ObservedActor | null {
  const action = at(detail, 'service', 'action');
  const call = at(action, 'awsApiCallAction');
  const remote = first(
    fields(at(call, 'remoteIpDetails')),
    fields(at(action, 'networkConnectionAction', 'remoteIpDetails')),
    fields(at(action, 'portProbeAction', 'portProbeDetails', 0, 'remoteIpDetails')),
    fields(at(action, 'kubernetesApiCallAction', 'remoteIpDetails')),
    fields(at(action, 'rdsLoginAttemptAction', 'remoteIpDetails')),
    sequenceEndpoint(detail),
  );
  const api = text(call, 'api');
  const service = text(call, 'serviceName');
  const actor = present({
    ip: first(text(remote, 'ipAddressV4'), text(remote, 'ipAddressV6'), text(remote, 'ip')),
    country: first(text(remote, 'country', 'countryName'), text(remote, 'location', 'country')),
    city: first(text(remote, 'city', 'cityName'), text(remote, 'location', 'city')),
    network: first(
      text(remote, 'organization', 'asnOrg'),
      text(remote, 'organization', 'org'),
      text(remote, 'autonomousSystem', 'name'),
    ),
    principal: first(
      text(detail, 'resource', 'accessKeyDetails', 'userName'),
      text(detail, 'resource', 'accessKeyDetails', 'principalId'),
      text(detail, 'service', 'detection', 'sequence', 'actors', 0, 'user', 'name'),
    ),
    accessKeyId: text(detail, 'resource', 'accessKeyDetails', 'accessKeyId'),
    action:
      api === undefined ? undefined : service === undefined ? api : `${service.replace('.amazonaws.com', '')}:${api}`,
    domain: first(text(action, 'dnsRequestAction', 'domain'), text(call, 'domainDetails', 'domain')),
  });
  return Object.keys(actor).length === 0 ? null : actor;
}

function sequenceEndpoint(detail: Fields): Fields | undefined {
  const endpoints = list(detail, 'service', 'detection', 'sequence', 'endpoints');
  return fields(endpoints.find((endpoint) => text(endpoint, 'ip') !== undefined));
}

function readFacts(detail: Fields): ObservedFact[] {
  const action = at(detail, 'service', 'action');
  const port = first(
    number(action, 'networkConnectionAction', 'localPortDetails', 'port'),
    number(action, 'portProbeAction', 'portProbeDetails', 0, 'localPortDetails', 'port'),
  );
  const sequence = text(detail, 'associatedAttackSequenceArn');
  return [
    ...(port === undefined ? [] : [{ label: 'port', value: String(port) }]),
    ...(sequence === undefined ? [] : [{ label: 'attackSequence', value: sequence }]),
  ];
}

/** Copies made by GetFindings have PascalCase keys; the rest of this file reads camelCase. */
function camelCased(detail: Fields): Fields {
  return Object.hasOwn(detail, 'Id') && !Object.hasOwn(detail, 'id')
    ? (fields(lowerFirst(detail, 0)) ?? detail)
    : detail;
}

function lowerFirst(value: unknown, depth: number): unknown {
  if (depth > 20 || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => lowerFirst(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.charAt(0).toLowerCase() + key.slice(1),
      lowerFirst(item, depth + 1),
    ]),
  );
}
