import { call, endpoint, present, process, query, text, user } from '#core/lake/finding/evidence.ts';
import { actionEvidences, runtimeEvidences } from '#core/lake/finding/guardduty-evidence.ts';
import { lowerKeys } from '#core/lake/finding/lower-keys.ts';
import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';

/** The evidences of an OCSF finding of any version, with what OCSF 1.1.0 has of them. */
export function knownEvidences(evidences: unknown): readonly JsonObject[] {
  if (!Array.isArray(evidences)) return [];
  return evidences.filter(isJsonObject).flatMap((evidence) => {
    const known = knownEvidence(evidence);
    const { connection_info: _, ...rest } = known;
    return Object.keys(rest).length === 0 ? [] : [known];
  });
}

function knownEvidence(evidence: JsonObject): JsonObject {
  const { data } = evidence;
  const [connection, api] = [part(evidence, 'connection_info'), part(evidence, 'api')];
  const asked = part(evidence, 'query');
  const who = user(part(part(evidence, 'actor'), 'user'));
  const direction = connection['direction_id'];
  return present({
    src_endpoint: endpoint(part(evidence, 'src_endpoint')),
    dst_endpoint: endpoint(part(evidence, 'dst_endpoint')),
    connection_info:
      Object.keys(connection).length === 0
        ? undefined
        : present({
            protocol_name: text(connection['protocol_name']),
            direction_id: direction === 1 || direction === 2 || direction === 3 ? direction : 0,
          }),
    query: query(asked['hostname'], asked['type']),
    api: call({
      operation: api['operation'],
      service: part(api, 'service')['name'],
      error: part(api, 'response')['error'],
    }),
    actor: who === undefined ? undefined : { user: who },
    process: process(part(evidence, 'process')),
    data: data === undefined || data === null ? undefined : typeof data === 'string' ? data : JSON.stringify(data),
  });
}

const guardDutyPrefix = 'aws/guardduty/service/';

/** The evidences of a GuardDuty finding in ASFF, where Security Hub has flattened them into `ProductFields`. */
export function asffEvidences(finding: JsonObject): readonly JsonObject[] {
  const fields = part(finding, 'ProductFields');
  const service = unflattened(fields);
  const found = actionEvidences(service['action'] ?? lowerKeys(finding['Action']));
  const all = [...found, ...runtimeEvidences(service['runtimeDetails'])];
  const who = accessKeyUser(finding['Resources']);
  return who === undefined ? all : all.map((evidence) => ({ ...evidence, actor: { user: who } }));
}

/** `aws/guardduty/service/action/awsApiCallAction/api` and so on as objects; places in lists are written `:0_`, or `.0_` before 2022. */
function unflattened(fields: JsonObject): JsonObject {
  const root: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (!key.startsWith(guardDutyPrefix) || key.length > 512) continue;
    const steps = key.slice(guardDutyPrefix.length).split('/');
    if (steps[0] !== 'action' && steps[0] !== 'runtimeDetails') continue;
    put(root, steps, value);
  }
  return root;
}

function put(root: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  let level: Record<string, unknown> = root;
  for (const step of steps.slice(0, -1)) {
    const [, name = step, place] = /^(.*?)[:.](\d{1,3})_$/.exec(step) ?? [];
    const isNew = !Object.hasOwn(level, name);
    if (isNew) level[name] = place === undefined ? {} : [];
    let next = level[name];
    if (Array.isArray(next) && place !== undefined) next = next[Number(place)] ??= {};
    if (!isJsonObject(next)) return;
    level = next as Record<string, unknown>; // made above
  }
  const last = steps.at(-1);
  if (last !== undefined && !Object.hasOwn(level, last)) level[last] = value;
}

function accessKeyUser(resources: unknown): JsonObject | undefined {
  const first: unknown = Array.isArray(resources) ? resources[0] : undefined;
  if (!isJsonObject(first)) return undefined;
  const key = part(part(first, 'Details'), 'AwsIamAccessKey');
  return user({ name: key['PrincipalName'] ?? key['UserName'], uid: key['PrincipalId'], type: key['PrincipalType'] });
}

function part(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}
