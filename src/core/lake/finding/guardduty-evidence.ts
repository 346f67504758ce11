import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';
import { call, endpoint, present, process, query, text } from './evidence.ts';

/**
 * The evidences in a GuardDuty finding's `service.action`, one for each probed port, otherwise one.
 * Field names: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Action.html
 */
export function actionEvidences(action: unknown): readonly JsonObject[] {
  if (!isJsonObject(action)) return [];
  const portProbe = part(action, 'portProbeAction');
  const probes = portProbe['portProbeDetails'];
  if (Array.isArray(probes))
    return probes.filter(isJsonObject).flatMap((probe) => filled(connection(probe, 'INBOUND')));
  const network = part(action, 'networkConnectionAction');
  const dns = part(action, 'dnsRequestAction');
  const found = [
    ...filled(apiCall(part(action, 'awsApiCallAction'))),
    ...filled(kubernetesCall(part(action, 'kubernetesApiCallAction'))),
    ...filled(connection(network, network['connectionDirection'])),
    ...filled(
      present({ query: query(dns['domainWithSuffix'] ?? dns['domain']), connection_info: protocol(dns, undefined) }),
    ),
    ...filled(present({ src_endpoint: remote(part(action, 'rdsLoginAttemptAction')) })),
  ];
  return found;
}

/** The evidence in `service.runtimeDetails`. */
export function runtimeEvidences(details: unknown): readonly JsonObject[] {
  if (!isJsonObject(details)) return [];
  const found = part(details, 'process');
  const { pid, uuid: uid, name, executablePath: path } = found;
  return filled(present({ process: process({ pid, uid, name, path }) }));
}

function apiCall(action: JsonObject): JsonObject {
  return present({
    src_endpoint: remote(action),
    api: call({ operation: action['api'], service: action['serviceName'], error: action['errorCode'] }),
  });
}

function kubernetesCall(action: JsonObject): JsonObject {
  return present({
    src_endpoint: remote(action),
    api: call({ operation: action['verb'], service: action['verb'] === undefined ? undefined : 'kubernetes' }),
  });
}

function connection(details: JsonObject, direction: unknown): JsonObject {
  const far = remote(details, part(details, 'remotePortDetails')['port']);
  const near = endpoint({
    ip: part(details, 'localIpDetails')['ipAddressV4'],
    port: part(details, 'localPortDetails')['port'],
    interface_uid: details['localNetworkInterface'],
  });
  const isOutbound = direction === 'OUTBOUND';
  return present({
    src_endpoint: isOutbound ? near : far,
    dst_endpoint: isOutbound ? far : near,
    connection_info: far === undefined && near === undefined ? undefined : protocol(details, direction),
  });
}

function protocol(details: JsonObject, direction: unknown): JsonObject | undefined {
  const name = text(details['protocol']);
  if (name === undefined && direction === undefined) return undefined;
  const direction_id = direction === 'INBOUND' ? 1 : direction === 'OUTBOUND' ? 2 : 0;
  return present({ protocol_name: name?.toLowerCase(), direction_id });
}

function remote(details: JsonObject, port?: unknown): JsonObject | undefined {
  const address = part(details, 'remoteIpDetails');
  const domain = part(details, 'domainDetails')['domain'];
  // ASFF spells it with a small l.
  const geo = part(address, address['geoLocation'] === undefined ? 'geolocation' : 'geoLocation');
  return endpoint({
    ip: text(address['ipAddressV4']) ?? text(address['ipAddressV6']),
    name: domain,
    port,
    location: {
      city: part(address, 'city')['cityName'],
      country: part(address, 'country')['countryName'],
      lat: number(geo['lat']),
      long: number(geo['lon']),
    },
  });
}

function part(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

/** Security Hub hands the numbers on as texts. */
function number(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,3}(?:\.\d{1,10})?$/.test(value) ? Number(value) : value;
}

function filled(evidence: JsonObject): readonly JsonObject[] {
  const { connection_info: _, ...rest } = evidence;
  return Object.keys(rest).length === 0 ? [] : [evidence];
}
