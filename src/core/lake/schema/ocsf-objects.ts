import { list, strings, struct } from '#core/lake/schema/column-type.ts';

// The attributes of OCSF 1.1.0 that the lake has columns for, each object with ONE type everywhere: DuckDB drops struct
// fields that the first file of a list lacks, and a UNION of tables needs equal types. What is not here goes to `unmapped`.
// Times inside objects are kept in their `_dt` form only.

const account = struct(strings('uid', 'name', 'type'));
const organization = struct(strings('uid', 'name', 'ou_uid', 'ou_name'));
const fingerprint = struct({ algorithm: 'string', algorithm_id: 'integer', value: 'string' });
const os = struct({ ...strings('name', 'type', 'version', 'build', 'edition'), type_id: 'integer' });
const location = struct({
  ...strings('city', 'country', 'region', 'continent', 'postal_code', 'isp', 'desc'),
  coordinates: list('double'),
});

export const group = struct({ ...strings('name', 'uid', 'desc', 'domain', 'type'), privileges: list('string') });

export const user = struct({
  ...strings('name', 'uid', 'uid_alt', 'type', 'domain', 'email_addr', 'full_name', 'credential_uid'),
  type_id: 'integer',
  account,
  groups: list(group),
});

const plainUser = struct({ ...strings('name', 'uid', 'domain', 'type'), type_id: 'integer', account });

export const session = struct({
  ...strings('uid', 'uid_alt', 'issuer', 'terminal', 'credential_uid'),
  created_time_dt: 'timestamp',
  expiration_time_dt: 'timestamp',
  is_mfa: 'boolean',
  is_remote: 'boolean',
});

export const file = struct({
  ...strings('name', 'path', 'parent_folder', 'type', 'uid', 'mime_type', 'company_name', 'desc', 'version'),
  type_id: 'integer',
  size: 'long',
  hashes: list(fingerprint),
  owner: plainUser,
  created_time_dt: 'timestamp',
  modified_time_dt: 'timestamp',
});

const processFields = {
  ...strings('name', 'uid', 'cmd_line', 'integrity'),
  pid: 'integer',
  integrity_id: 'integer',
  created_time_dt: 'timestamp',
  terminated_time_dt: 'timestamp',
  file,
  user: plainUser,
} as const;

export const process = struct({
  ...processFields,
  parent_process: struct(processFields),
  session,
  tid: 'integer',
  auid: 'integer',
  euid: 'integer',
  egid: 'integer',
});

export const module = struct({
  ...strings('type', 'load_type', 'function_name', 'base_address', 'start_address'),
  load_type_id: 'integer',
  file,
});

export const actor = struct({
  user,
  session,
  invoked_by: 'string',
  idp: struct(strings('name', 'uid')),
  process,
});

export const endpoint = struct({
  ip: 'string',
  port: 'integer',
  ...strings('hostname', 'name', 'domain', 'uid', 'svc_name', 'instance_uid', 'interface_uid', 'interface_name'),
  ...strings('subnet_uid', 'vpc_uid', 'vlan_uid', 'zone', 'mac', 'type'),
  type_id: 'integer',
  location,
  os,
  intermediate_ips: list('string'),
});

export const device = struct({
  ...strings('hostname', 'name', 'ip', 'mac', 'uid', 'uid_alt', 'type', 'domain', 'instance_uid', 'interface_uid'),
  ...strings('interface_name', 'subnet_uid', 'vpc_uid', 'zone', 'region', 'desc'),
  type_id: 'integer',
  location,
  os,
  is_managed: 'boolean',
  is_compliant: 'boolean',
  is_trusted: 'boolean',
});

export const cloud = struct({ account, ...strings('provider', 'region', 'zone', 'project_uid'), org: organization });

export const service = struct({ ...strings('name', 'uid', 'version'), labels: list('string') });

const container = struct({ ...strings('name', 'uid'), image: struct(strings('name', 'uid', 'tag')) });

export const api = struct({
  operation: 'string',
  version: 'string',
  service,
  group: struct(strings('name', 'uid')),
  request: struct({ ...strings('uid', 'data'), flags: list('string'), containers: list(container) }),
  response: struct({
    code: 'integer',
    ...strings('error', 'error_message', 'message', 'data'),
    flags: list('string'),
    containers: list(container),
  }),
});

export const url = struct({
  ...strings('url_string', 'hostname', 'path', 'query_string', 'scheme', 'subdomain', 'resource_type'),
  port: 'integer',
  categories: list('string'),
  category_ids: list('integer'),
});

export const httpRequest = struct({
  ...strings('uid', 'http_method', 'version', 'user_agent', 'referrer', 'args'),
  length: 'integer',
  url,
  http_headers: list(struct(strings('name', 'value'))),
  x_forwarded_for: list('string'),
});

export const httpResponse = struct({
  code: 'integer',
  ...strings('status', 'message', 'content_type'),
  length: 'integer',
  latency: 'integer',
});

export const connectionInfo = struct({
  ...strings('uid', 'protocol_name', 'protocol_ver', 'direction', 'boundary'),
  protocol_num: 'integer',
  protocol_ver_id: 'integer',
  direction_id: 'integer',
  boundary_id: 'integer',
  tcp_flags: 'integer',
});

export const traffic = struct({
  bytes: 'long',
  bytes_in: 'long',
  bytes_out: 'long',
  packets: 'long',
  packets_in: 'long',
  packets_out: 'long',
});

export const certificate = struct({
  ...strings('subject', 'issuer', 'serial_number', 'uid', 'version'),
  fingerprints: list(fingerprint),
  created_time_dt: 'timestamp',
  expiration_time_dt: 'timestamp',
});

export const tls = struct({
  ...strings('version', 'cipher', 'sni'),
  alert: 'integer',
  handshake_dur: 'integer',
  key_length: 'integer',
  certificate,
  ja3_hash: fingerprint,
  ja3s_hash: fingerprint,
});

export const loadBalancer = struct({
  ...strings('name', 'uid', 'classification', 'error_message', 'message', 'status_detail'),
  code: 'integer',
  dst_endpoint: endpoint,
});

export const dnsQuery = struct({
  ...strings('hostname', 'type', 'class', 'opcode'),
  opcode_id: 'integer',
  packet_uid: 'integer',
});

export const dnsAnswer = struct({
  ...strings('rdata', 'type', 'class'),
  ttl: 'integer',
  packet_uid: 'integer',
  flags: list('string'),
});

export const firewallRule = struct({
  ...strings('name', 'uid', 'category', 'desc', 'type', 'version', 'condition', 'sensitivity', 'match_location'),
  match_details: list('string'),
  rate_limit: 'integer',
  duration: 'integer',
});

const named = struct(strings('name', 'uid'));

export const attack = struct({ tactic: named, technique: named, sub_technique: named, version: 'string' });

export const malware = struct({
  ...strings('name', 'uid', 'path', 'provider'),
  classification_ids: list('integer'),
  classifications: list('string'),
});

export const findingInfo = struct({
  ...strings('uid', 'title', 'desc', 'src_url', 'product_uid'),
  types: list('string'),
  data_sources: list('string'),
  created_time_dt: 'timestamp',
  modified_time_dt: 'timestamp',
  first_seen_time_dt: 'timestamp',
  last_seen_time_dt: 'timestamp',
  analytic: struct({ ...strings('name', 'uid', 'type', 'category', 'desc', 'version'), type_id: 'integer' }),
  attacks: list(attack),
  related_events: list(struct({ ...strings('uid', 'product_uid', 'type'), type_uid: 'long' })),
});

export const resource = struct({
  ...strings('uid', 'name', 'type', 'region', 'cloud_partition', 'namespace', 'version', 'criticality', 'data'),
  labels: list('string'),
  group: struct(strings('name', 'uid')),
  owner: plainUser,
});

export const evidence = struct({
  src_endpoint: endpoint,
  dst_endpoint: endpoint,
  connection_info: connectionInfo,
  query: dnsQuery,
  api: struct({ operation: 'string', service, response: struct({ error: 'string' }) }),
  actor: struct({ user: plainUser, process: struct(strings('name', 'uid')) }),
  process: struct(processFields),
  file,
  data: 'string',
});

export const compliance = struct({
  ...strings('control', 'status', 'status_code', 'status_detail'),
  status_id: 'integer',
  standards: list('string'),
  requirements: list('string'),
});

export const remediation = struct({ desc: 'string', references: list('string'), kb_articles: list('string') });

const cvss = struct({
  ...strings('version', 'vector_string', 'severity', 'depth'),
  base_score: 'double',
  overall_score: 'double',
});

export const vulnerability = struct({
  ...strings('title', 'desc', 'severity', 'vendor_name'),
  is_fix_available: 'boolean',
  is_exploit_available: 'boolean',
  first_seen_time_dt: 'timestamp',
  last_seen_time_dt: 'timestamp',
  references: list('string'),
  related_vulnerabilities: list('string'),
  remediation,
  cve: struct({
    ...strings('uid', 'title', 'desc', 'type'),
    created_time_dt: 'timestamp',
    modified_time_dt: 'timestamp',
    cvss: list(cvss),
    epss: struct({ ...strings('score', 'version'), percentile: 'double' }),
    references: list('string'),
  }),
  cwe: struct(strings('uid', 'caption', 'src_url')),
  affected_packages: list(
    struct({
      ...strings('name', 'version', 'fixed_in_version', 'release', 'architecture', 'package_manager', 'path', 'purl'),
      epoch: 'integer',
      remediation,
    }),
  ),
});

export const database = struct({ ...strings('name', 'uid', 'type', 'desc'), type_id: 'integer' });

export const table = struct(strings('name', 'uid', 'desc'));

export const queryInfo = struct({ ...strings('name', 'uid', 'query_string', 'data'), query_time_dt: 'timestamp' });

export const entity = struct(strings('uid', 'name', 'type', 'version', 'data'));

export const policy = struct(strings('name', 'uid', 'desc', 'version'));

export const observable = struct({ ...strings('name', 'type', 'value'), type_id: 'integer' });

export const metadata = struct({
  ...strings('version', 'uid', 'event_code', 'log_name', 'log_level', 'log_provider', 'log_version'),
  ...strings('original_time', 'correlation_uid', 'tenant_uid'),
  sequence: 'integer',
  product: struct({
    ...strings('name', 'uid', 'vendor_name', 'version', 'lang'),
    feature: struct(strings('name', 'uid', 'version')),
  }),
  profiles: list('string'),
  labels: list('string'),
  processed_time_dt: 'timestamp',
  logged_time_dt: 'timestamp',
  modified_time_dt: 'timestamp',
});
