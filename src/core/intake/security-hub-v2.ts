import {
  MAX_RESOURCES,
  type Observation,
  type ObservedFact,
  type ObservedResource,
  type ObservedState,
} from '#core/finding/observation.ts';
import { type Outcome, ok, rejected } from '#core/finding/outcome.ts';
import { ocsfSeverity, severityNamed } from '#core/finding/severity.ts';
import { isVulnerabilityProduct, productOf } from '#core/intake/control-id.ts';
import type { Envelope } from '#core/intake/envelope.ts';
import { at, type Fields, first, list, number, present, text, time } from '#core/intake/fields.ts';
import { guardDutyActor, guardDutyUrl } from '#core/intake/guardduty.ts';
import { controlKey, guardDutyKey, productFindingKey } from '#core/intake/problem-key.ts';
import { safeUrl } from '#core/intake/security-hub-asff.ts';

/** One OCSF finding (1.5, 1.6) of `Findings Imported V2`. */
export function observeV2(finding: Fields, envelope: Envelope): Outcome<Observation> {
  const uid = text(finding, 'finding_info', 'uid');
  if (uid === undefined) return rejected('schema', 'an OCSF finding without finding_info.uid');
  const common = readCommon(finding, envelope, uid);
  const { accountId, region, product } = common;
  if (product === 'aws/guardduty') {
    const id = uid.slice(uid.lastIndexOf('/') + 1);
    return ok({
      ...common,
      kind: 'guardduty',
      topic: 'guardduty-finding',
      key: guardDutyKey(id),
      type: guardDutyType(finding) ?? common.type,
      actor: readActor(finding),
      count: number(finding, 'count') ?? null,
      sourceUrl: guardDutyUrl(region, id),
    });
  }
  const control = readControl(finding, product);
  if (control !== undefined) {
    const resource = common.resources[0]?.id ?? 'none';
    return ok({
      ...common,
      topic: 'securityhub-control',
      type: control,
      key: controlKey(control, accountId ?? '', region, resource),
      ...(common.state === 'resolved' && complianceState(finding) !== 'resolved' ? { onlyArchived: true } : {}),
      facts: standards(finding),
    });
  }
  const vulnerable = isVulnerabilityProduct(product) || number(finding, 'class_uid') === 2002;
  const key = productFindingKey(product, accountId ?? '', region, uid);
  return ok(
    vulnerable
      ? { ...common, topic: 'securityhub-vulnerability', key, facts: vulnerability(finding) }
      : { ...common, key },
  );
}

function readCommon(finding: Fields, envelope: Envelope, uid: string): Observation {
  const accountId =
    first(text(finding, 'cloud', 'account', 'uid'), text(finding, 'resources', 0, 'owner', 'account', 'uid')) ??
    envelope.account;
  const accountName = text(finding, 'cloud', 'account', 'name');
  const resources = list(finding, 'resources');
  const severity = first(ocsfSeverity(number(finding, 'severity_id')), severityNamed(at(finding, 'severity')));
  const info = at(finding, 'finding_info');
  const region = first(text(finding, 'cloud', 'region'), text(resources[0], 'region')) ?? envelope.region;
  const product = productOf(
    text(finding, 'metadata', 'product', 'uid') ?? '',
    text(finding, 'metadata', 'product', 'vendor_name'),
    text(finding, 'metadata', 'product', 'name'),
  );
  return {
    kind: 'securityhub',
    topic: 'securityhub-finding',
    key: productFindingKey(product, accountId ?? '', region, uid),
    origin: `ocsf:${uid}`,
    accountId,
    ...(accountName === undefined ? {} : { accountNameHint: accountName }),
    region,
    severity: severity ?? 'MEDIUM',
    severityStated: severity !== undefined,
    state: readState(finding),
    updatedAt:
      first(
        time(info, 'modified_time'),
        time(info, 'modified_time_dt'),
        time(finding, 'time'),
        time(finding, 'time_dt'),
        envelope.time ?? undefined,
      ) ?? 0,
    // A changed status leaves the times of the finding as they were (BatchUpdateFindingsV2).
    ...(envelope.time === null ? {} : { passedOnAt: envelope.time }),
    firstSeenAt:
      first(
        time(info, 'first_seen_time'),
        time(info, 'first_seen_time_dt'),
        time(info, 'created_time'),
        time(info, 'created_time_dt'),
      ) ?? null,
    lastSeenAt: first(time(info, 'last_seen_time'), time(info, 'last_seen_time_dt'), time(finding, 'time')) ?? null,
    count: null,
    type: first(text(info, 'types', 0), text(info, 'analytic', 'name'), text(finding, 'class_name')) ?? product,
    product,
    title: text(info, 'title') ?? uid,
    description: text(info, 'desc') ?? text(finding, 'message') ?? '',
    advice: {
      text: text(finding, 'remediation', 'desc') ?? null,
      url: safeUrl(text(finding, 'remediation', 'references', 0)),
    },
    resources: resources.slice(0, MAX_RESOURCES).map(readResource),
    resourceCount: resources.length,
    actor: null,
    sample: isSample(finding),
    sourceUrl: safeUrl(text(info, 'src_url')),
    facts: [],
    marks: {},
  };
}

/** Security Hub writes a short id in `uid` and the ARN that ASFF uses in `uid_alt`. */
function readResource(resource: unknown): ObservedResource {
  const uid = first(text(resource, 'uid'), text(resource, 'name')) ?? 'unknown';
  const alternative = text(resource, 'uid_alt');
  const type = text(resource, 'type') ?? 'Other';
  const isAccount = /^\d{12}$/.test(uid) && (type === 'AwsAccount' || type === 'AWS::::Account');
  const id = alternative?.startsWith('arn:') === true ? alternative : isAccount ? `AWS::::Account:${uid}` : uid;
  const name = text(resource, 'name');
  return { type, id, ...(name === undefined || name === id ? {} : { name }) };
}

/** Finding status: 1 New, 2 In Progress (notified), 3 Suppressed, 4 Resolved, 5 Archived, 6 Deleted. */
function readState(finding: Fields): ObservedState {
  const status = number(finding, 'status_id') ?? text(finding, 'status')?.toLowerCase();
  if (status === 3 || status === 'suppressed') return 'suppressed';
  if ([4, 5, 6, 'resolved', 'archived', 'deleted'].includes(status ?? 0)) return 'resolved';
  return number(finding, 'activity_id') === 3 ? 'resolved' : complianceState(finding);
}

/** Compliance status: 0 Unknown, 1 Pass, 2 Warning, 3 Fail; NOT_AVAILABLE has no number of its own. */
function complianceState(finding: Fields): ObservedState {
  const word = text(finding, 'compliance', 'status')?.toUpperCase();
  const id = number(finding, 'compliance', 'status_id');
  if (word?.startsWith('FAIL') === true) return 'active';
  if (word?.startsWith('PASS') === true || id === 1) return 'resolved';
  return id === 0 || id === 2 || ['WARNING', 'NOT_AVAILABLE', 'UNKNOWN'].includes(word ?? '')
    ? 'undetermined'
    : 'active';
}

function readControl(finding: Fields, product: string): string | undefined {
  const control = text(finding, 'compliance', 'control');
  // Without a product ARN only the names tell: `AWS` and `Security Hub` or `Security Hub CSPM`.
  if (control !== undefined && product.startsWith('aws/securityhub')) return control;
  return /security-control\/([A-Za-z0-9]+\.\d+)/.exec(text(finding, 'finding_info', 'uid') ?? '')?.[1];
}

function standards(finding: Fields): ObservedFact[] {
  const names = list(finding, 'compliance', 'standards')
    .map((standard) => text(standard))
    .filter((name) => name !== undefined);
  return names.length === 0 ? [] : [{ label: 'standards', value: names.join(', ') }];
}

/** `UnauthorizedAccess:EC2/SSHBruteForce` stands among wider classes like `Threats`. */
function guardDutyType(finding: Fields): string | undefined {
  const types = list(finding, 'finding_info', 'types').map((type) => text(type));
  return types.find((type) => type !== undefined && /^\w{1,60}:\w{1,60}\//.test(type));
}

function isSample(finding: Fields): boolean {
  if (list(finding, 'finding_info', 'types').includes('Sample')) return true;
  if (list(finding, 'metadata', 'labels').includes('sample')) return true;
  return list(finding, 'finding_info', 'tags').some(
    (tag) => text(tag, 'name') === 'sample' && text(tag, 'value') === 'true',
  );
}

function readActor(finding: Fields): Observation['actor'] {
  const evidence = at(finding, 'evidences', 0);
  // GuardDuty's own action, where it is handed on as it is.
  const action = at(evidence, 'data', 'action');
  if (action !== undefined) return guardDutyActor({ service: { action } });
  const actor = present({
    ip: text(evidence, 'src_endpoint', 'ip'),
    country: text(evidence, 'src_endpoint', 'location', 'country'),
    city: text(evidence, 'src_endpoint', 'location', 'city'),
    network: text(evidence, 'src_endpoint', 'autonomous_system', 'name'),
    principal: first(text(evidence, 'actor', 'user', 'name'), text(evidence, 'actor', 'user', 'uid')),
    accessKeyId: text(evidence, 'actor', 'user', 'credential_uid'),
    action: text(evidence, 'api', 'operation'),
    domain: text(evidence, 'query', 'hostname'),
  });
  return Object.keys(actor).length === 0 ? null : actor;
}

function vulnerability(finding: Fields): ObservedFact[] {
  const entry = at(finding, 'vulnerabilities', 0);
  const packages = list(entry, 'affected_packages').map((part) => {
    const fixed = text(part, 'fixed_in_version');
    return `${text(part, 'name') ?? '?'} ${text(part, 'version') ?? ''}${fixed === undefined ? '' : ` → ${fixed}`}`.trim();
  });
  const facts: [string, string | undefined][] = [
    ['vulnerability', text(entry, 'cve', 'uid')],
    ['cvss', text(entry, 'cve', 'cvss', 0, 'base_score')],
    ['epss', text(entry, 'cve', 'epss', 'score')],
    ['packages', packages.length === 0 ? undefined : packages.join(', ')],
    ['fixAvailable', text(entry, 'is_fix_available')],
    ['exploitAvailable', text(entry, 'is_exploit_available')],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}
