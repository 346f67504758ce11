import type { OcsfEvent } from '#core/lake/event-json.ts';
import { classByUid } from '#core/lake/schema/ocsf-classes.ts';

/** What OCSF 1.1.0 requires of each class beside the base attributes; a list within means "at least one of". */
const required: Readonly<Record<string, readonly (string | readonly string[])[]>> = {
  base_event: [],
  file_activity: ['actor', 'device', 'file'],
  process_activity: ['actor', 'device', 'process'],
  vulnerability_finding: ['finding_info.title', 'finding_info.uid', 'vulnerabilities'],
  compliance_finding: ['finding_info.title', 'finding_info.uid', 'compliance.standards'],
  detection_finding: ['finding_info.title', 'finding_info.uid'],
  account_change: ['user'],
  authentication: ['user', ['service', 'dst_endpoint']],
  entity_management: ['entity'],
  user_access: ['user', 'privileges'],
  group_management: ['group', ['privileges', 'user']],
  network_activity: ['src_endpoint', 'dst_endpoint'],
  http_activity: ['src_endpoint', 'dst_endpoint', 'http_request', 'http_response.code'],
  dns_activity: ['src_endpoint'],
  api_activity: ['api.operation', 'actor', 'src_endpoint'],
};

/** Attributes that an event must have and has not, by their paths. */
export function missingAttributes(event: OcsfEvent): readonly string[] {
  const name = classByUid(Number(event['class_uid']))?.name ?? '';
  return (required[name] ?? []).flatMap((wanted) => {
    const paths = typeof wanted === 'string' ? [wanted] : wanted;
    return paths.some((path) => has(event, path.split('.'))) ? [] : [paths.join(' or ')];
  });
}

function has(value: unknown, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return value !== undefined && value !== null;
  return typeof value === 'object' && value !== null && has((value as Readonly<Record<string, unknown>>)[name], rest); // an object has keys
}
