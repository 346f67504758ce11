import type { Fields } from '#core/lake/schema/column-type.ts';
import { list, strings, struct } from '#core/lake/schema/column-type.ts';
import {
  actor,
  api,
  attack,
  certificate,
  cloud,
  compliance,
  connectionInfo,
  database,
  device,
  dnsAnswer,
  dnsQuery,
  endpoint,
  entity,
  evidence,
  file,
  findingInfo,
  firewallRule,
  group,
  httpRequest,
  httpResponse,
  loadBalancer,
  malware,
  metadata,
  module,
  observable,
  policy,
  process,
  queryInfo,
  remediation,
  resource,
  service,
  session,
  table,
  tls,
  traffic,
  url,
  user,
  vulnerability,
} from '#core/lake/schema/ocsf-objects.ts';

/** An event class of OCSF 1.1.0 that the lake can hold. */
export interface OcsfClass {
  readonly uid: number;
  /** The class's name, which is also the name of its view, e.g. `api_activity`. */
  readonly name: string;
  readonly caption: string;
  readonly category: string;
  /** Captions by `activity_id`; 0 is Unknown and 99 Other in every class. */
  readonly activities: Readonly<Record<number, string>>;
  /** The columns of the class beside `baseColumns`. */
  readonly columns: Fields;
}

/** Columns that every event has, first those that identify it. */
export const baseColumns: Fields = {
  metadata,
  time: 'long',
  time_dt: 'timestamp',
  class_uid: 'integer',
  class_name: 'string',
  category_uid: 'integer',
  category_name: 'string',
  activity_id: 'integer',
  activity_name: 'string',
  type_uid: 'long',
  type_name: 'string',
  severity_id: 'integer',
  severity: 'string',
  status_id: 'integer',
  ...strings('status', 'status_code', 'status_detail', 'message'),
  cloud,
  start_time_dt: 'timestamp',
  end_time_dt: 'timestamp',
  count: 'integer',
  duration: 'integer',
  timezone_offset: 'integer',
  observables: list(observable),
  unmapped: 'stringMap',
};

const security: Fields = {
  action_id: 'integer',
  action: 'string',
  disposition_id: 'integer',
  disposition: 'string',
  firewall_rule: firewallRule,
  malware: list(malware),
  attacks: list(attack),
};
const network: Fields = {
  ...security,
  src_endpoint: endpoint,
  dst_endpoint: endpoint,
  connection_info: connectionInfo,
  traffic,
  tls,
  app_name: 'string',
  actor,
  device,
};
const host: Fields = { ...security, actor, device };
const finding: Fields = {
  finding_info: findingInfo,
  comment: 'string',
  confidence: 'string',
  confidence_id: 'integer',
  confidence_score: 'integer',
  actor,
  device,
};

const fileActivities = [
  'Create',
  'Read',
  'Update',
  'Delete',
  'Rename',
  'Set Attributes',
  'Set Security',
  'Get Attributes',
  'Get Security',
  'Encrypt',
  'Decrypt',
  'Mount',
  'Unmount',
  'Open',
];
const findingActivities = ['Create', 'Update', 'Close'];
const networkActivities = ['Open', 'Close', 'Reset', 'Fail', 'Refuse', 'Traffic'];

const categoryCaptions: Readonly<Record<number, string>> = {
  0: 'Uncategorized',
  1: 'System Activity',
  2: 'Findings',
  3: 'Identity & Access Management',
  4: 'Network Activity',
  5: 'Discovery',
  6: 'Application Activity',
};

/** Lists the activities of a class from 1 on; a number in front of a caption sets where the count goes on. */
function defineClass(
  uid: number,
  name: string,
  caption: string,
  activities: readonly string[] | Readonly<Record<number, string>>,
  columns: Fields,
): OcsfClass {
  const counted = Array.isArray(activities)
    ? Object.fromEntries(activities.map((activity: string, index) => [index + 1, activity]))
    : activities;
  return {
    uid,
    name,
    caption,
    category: categoryCaptions[Math.floor(uid / 1000)] ?? 'Uncategorized',
    activities: { 0: 'Unknown', ...counted, 99: 'Other' },
    columns,
  };
}

/** The classes that sources may write, by name. Source: the compiled OCSF schema 1.1.0. */
export const ocsfClasses = {
  base_event: defineClass(0, 'base_event', 'Base Event', [], {}),
  file_activity: defineClass(1001, 'file_activity', 'File System Activity', fileActivities, {
    ...host,
    file,
    file_result: file,
    access_mask: 'integer',
  }),
  kernel_extension: defineClass(1002, 'kernel_extension', 'Kernel Extension Activity', ['Load', 'Unload'], {
    ...host,
    driver: struct({ file }),
  }),
  module_activity: defineClass(1005, 'module_activity', 'Module Activity', ['Load', 'Unload'], { ...host, module }),
  process_activity: defineClass(
    1007,
    'process_activity',
    'Process Activity',
    ['Launch', 'Terminate', 'Open', 'Inject', 'Set User ID'],
    { ...host, process, exit_code: 'integer' },
  ),
  vulnerability_finding: defineClass(2002, 'vulnerability_finding', 'Vulnerability Finding', findingActivities, {
    ...finding,
    resource,
    vulnerabilities: list(vulnerability),
  }),
  compliance_finding: defineClass(2003, 'compliance_finding', 'Compliance Finding', findingActivities, {
    ...finding,
    compliance,
    remediation,
    resource,
  }),
  detection_finding: defineClass(2004, 'detection_finding', 'Detection Finding', findingActivities, {
    ...finding,
    ...security,
    resources: list(resource),
    evidences: list(evidence),
    remediation,
    risk_level_id: 'integer',
    risk_level: 'string',
    risk_score: 'integer',
    impact_id: 'integer',
    impact: 'string',
    vulnerabilities: list(vulnerability),
  }),
  account_change: defineClass(
    3001,
    'account_change',
    'Account Change',
    [
      'Create',
      'Enable',
      'Password Change',
      'Password Reset',
      'Disable',
      'Delete',
      'Attach Policy',
      'Detach Policy',
      'Lock',
      'MFA Factor Enable',
      'MFA Factor Disable',
    ],
    { actor, device, api, http_request: httpRequest, policy, src_endpoint: endpoint, user, user_result: user },
  ),
  authentication: defineClass(
    3002,
    'authentication',
    'Authentication',
    ['Logon', 'Logoff', 'Authentication Ticket', 'Service Ticket Request', 'Service Ticket Renew'],
    {
      actor,
      device,
      api,
      http_request: httpRequest,
      auth_protocol: 'string',
      auth_protocol_id: 'integer',
      certificate,
      dst_endpoint: endpoint,
      src_endpoint: endpoint,
      is_cleartext: 'boolean',
      is_mfa: 'boolean',
      is_new_logon: 'boolean',
      is_remote: 'boolean',
      logon_type: 'string',
      logon_type_id: 'integer',
      logon_process: process,
      service,
      session,
      user,
    },
  ),
  authorize_session: defineClass(
    3003,
    'authorize_session',
    'Authorize Session',
    ['Assign Privileges', 'Assign Groups'],
    { actor, device, api, dst_endpoint: endpoint, group, privileges: list('string'), session, user },
  ),
  entity_management: defineClass(
    3004,
    'entity_management',
    'Entity Management',
    ['Create', 'Read', 'Update', 'Delete'],
    { actor, device, comment: 'string', entity, entity_result: entity },
  ),
  user_access: defineClass(3005, 'user_access', 'User Access Management', ['Assign Privileges', 'Revoke Privileges'], {
    actor,
    device,
    api,
    privileges: list('string'),
    resource,
    user,
  }),
  group_management: defineClass(
    3006,
    'group_management',
    'Group Management',
    ['Assign Privileges', 'Revoke Privileges', 'Add User', 'Remove User', 'Delete', 'Create'],
    { actor, device, api, group, privileges: list('string'), resource, user },
  ),
  network_activity: defineClass(4001, 'network_activity', 'Network Activity', networkActivities, {
    ...network,
    url,
    load_balancer: loadBalancer,
  }),
  http_activity: defineClass(
    4002,
    'http_activity',
    'HTTP Activity',
    ['Connect', 'Delete', 'Get', 'Head', 'Options', 'Post', 'Put', 'Trace'],
    { ...network, api, http_request: httpRequest, http_response: httpResponse, load_balancer: loadBalancer },
  ),
  dns_activity: defineClass(
    4003,
    'dns_activity',
    'DNS Activity',
    { 1: 'Query', 2: 'Response', 6: 'Traffic' },
    {
      ...network,
      query: dnsQuery,
      answers: list(dnsAnswer),
      rcode: 'string',
      rcode_id: 'integer',
      query_time_dt: 'timestamp',
      response_time_dt: 'timestamp',
    },
  ),
  config_state: defineClass(5002, 'config_state', 'Device Config State', ['Log', 'Collect'], { actor, device }),
  api_activity: defineClass(6003, 'api_activity', 'API Activity', ['Create', 'Read', 'Update', 'Delete'], {
    actor,
    api,
    http_request: httpRequest,
    src_endpoint: endpoint,
    dst_endpoint: endpoint,
    resources: list(resource),
  }),
  datastore_activity: defineClass(
    6005,
    'datastore_activity',
    'Datastore Activity',
    ['Read', 'Update', 'Connect', 'Query', 'Write', 'Create', 'Delete'],
    {
      actor,
      api,
      http_request: httpRequest,
      src_endpoint: endpoint,
      dst_endpoint: endpoint,
      database,
      databucket: database,
      table,
      query_info: queryInfo,
      type: 'string',
      type_id: 'integer',
    },
  ),
} as const satisfies Readonly<Record<string, OcsfClass>>;

export type ClassName = keyof typeof ocsfClasses;

const byUid: ReadonlyMap<number, OcsfClass> = new Map(Object.values(ocsfClasses).map((found) => [found.uid, found]));

/** The class with this `class_uid`, where the lake knows it. */
export function classByUid(uid: number): OcsfClass | undefined {
  return byUid.get(uid);
}
