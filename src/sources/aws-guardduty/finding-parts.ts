import { endpoint, present, text, user } from '#core/lake/finding/evidence.ts';
import { actionEvidences, runtimeEvidences } from '#core/lake/finding/guardduty-evidence.ts';
import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';

/** Where a kind of resource has its id and its name: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Resource.html */
const identities: readonly {
  readonly details: string;
  readonly uid: readonly string[];
  readonly name: string;
  /** Where the finding's own resource type is that of something else. */
  readonly type?: string;
}[] = [
  { details: 's3BucketDetails', uid: ['arn'], name: 'name' },
  { details: 'instanceDetails', uid: ['instanceId'], name: 'instanceId' },
  { details: 'eksClusterDetails', uid: ['arn'], name: 'name' },
  { details: 'ecsClusterDetails', uid: ['arn'], name: 'name' },
  { details: 'lambdaDetails', uid: ['functionArn'], name: 'functionName' },
  { details: 'rdsDbInstanceDetails', uid: ['dbInstanceArn'], name: 'dbInstanceIdentifier' },
  { details: 'rdsLimitlessDbDetails', uid: ['dbShardGroupArn'], name: 'dbShardGroupIdentifier' },
  { details: 'containerDetails', uid: ['id'], name: 'name', type: 'Container' },
  { details: 'accessKeyDetails', uid: ['accessKeyId', 'principalId'], name: 'userName', type: 'AccessKey' },
];

/** The resources of a finding, those of an attack sequence too. */
export function resourcesOf(finding: JsonObject, service: JsonObject): readonly JsonObject[] {
  const { resource } = finding;
  const own = isJsonObject(resource) ? ownResources(resource, finding) : [];
  const involved = listOf(part(part(service, 'detection'), 'sequence')['resources']).flatMap(sequenceResource);
  return [...own, ...involved];
}

function ownResources(resource: JsonObject, finding: JsonObject): readonly JsonObject[] {
  const shared = present({
    type: text(resource['resourceType']),
    region: text(finding['region']),
    cloud_partition: text(finding['partition']),
  });
  const data = JSON.stringify(resource);
  const found = identities.flatMap(({ details, uid, name, type }) =>
    [resource[details]].flat().flatMap((detail: unknown) => {
      if (!isJsonObject(detail)) return [];
      const id = uid.map((key) => text(detail[key])).find((value) => value !== undefined);
      const called = text(detail[name]);
      if (id === undefined && called === undefined) return [];
      return [
        { ...shared, ...present({ uid: id, name: called, labels: labelsOf(detail['tags']) }), ...(type && { type }) },
      ];
    }),
  );
  if (found.length > 0) return found.map((each, index) => (index === 0 ? { ...each, data } : each));
  const type = shared['type'];
  // A finding about a sequence says so, and names its resources elsewhere.
  return type === undefined || type === 'AttackSequence' ? [] : [{ ...shared, name: type, data }];
}

function sequenceResource(resource: JsonObject): readonly JsonObject[] {
  const [uid, name, account] = [text(resource['uid']), text(resource['name']), text(resource['accountId'])];
  if (uid === undefined && name === undefined) return [];
  const { data } = resource;
  return [
    present({
      uid,
      name,
      type: text(resource['resourceType']),
      region: text(resource['region']),
      cloud_partition: text(resource['cloudPartition']),
      labels: labelsOf(resource['tags']),
      owner: account === undefined ? undefined : { account: { uid: account } },
      data: data === undefined || data === null ? undefined : JSON.stringify(data),
    }),
  ];
}

/** What happened: the action, what runs on the host, and the endpoints and actors of an attack sequence. */
export function evidencesOf(finding: JsonObject, service: JsonObject): readonly JsonObject[] {
  const key = part(part(finding, 'resource'), 'accessKeyDetails');
  const who = user({ name: key['userName'], uid: key['principalId'], type: key['userType'] });
  const actions = actionEvidences(service['action']).map((evidence) =>
    who === undefined ? evidence : { ...evidence, actor: { user: who } },
  );
  const sequence = part(part(service, 'detection'), 'sequence');
  const endpoints = listOf(sequence['endpoints']).flatMap((found) => {
    const location = part(found, 'location');
    const src_endpoint = endpoint({
      ip: found['ip'],
      name: found['domain'],
      port: found['port'],
      location: { city: location['city'], country: location['country'], lat: location['lat'], long: location['lon'] },
    });
    return src_endpoint === undefined ? [] : [{ src_endpoint }];
  });
  const actors = listOf(sequence['actors']).flatMap((found) => {
    const actor = user(part(found, 'user'));
    return actor === undefined ? [] : [{ actor: { user: actor } }];
  });
  return [...actions, ...runtimeEvidences(service['runtimeDetails']), ...endpoints, ...actors];
}

/** Tactics and techniques that an attack sequence names. */
export function tacticsOf(service: JsonObject): readonly JsonObject[] {
  return listOf(part(part(service, 'detection'), 'sequence')['sequenceIndicators']).flatMap(
    (indicator): JsonObject[] => {
      const values = [indicator['values']].flat().flatMap((value) => text(value) ?? []);
      if (indicator['key'] === 'ATTACK_TACTIC') return values.map((name) => ({ tactic: { name } }));
      return indicator['key'] === 'ATTACK_TECHNIQUE' ? values.map((value) => ({ technique: technique(value) })) : [];
    },
  );
}

/** `T1078.004`, with or without its name behind a dash. */
function technique(value: string): JsonObject {
  const [, uid, name] = /^(T\d{4}(?:\.\d{3})?)(?: - (.{1,200}))?$/.exec(value) ?? [];
  return uid === undefined ? { name: value } : present({ uid, name });
}

/** The findings and events that an attack sequence was made of. */
export function relatedEventsOf(service: JsonObject): readonly JsonObject[] {
  return listOf(part(part(service, 'detection'), 'sequence')['signals']).flatMap((signal) => {
    const uid = text(signal['uid']);
    return uid === undefined ? [] : [present({ uid, type: text(signal['name']) ?? text(signal['type']) })];
  });
}

function labelsOf(tags: unknown): readonly string[] | undefined {
  const labels = listOf(tags).flatMap((tag) => {
    const key = text(tag['key']);
    return key === undefined ? [] : [`${key}=${text(tag['value']) ?? ''}`];
  });
  return labels.length === 0 ? undefined : labels;
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function part(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}
