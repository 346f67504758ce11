import {
  MAX_RESOURCES,
  type Observation,
  type ObservedFact,
  type ObservedResource,
  type ObservedState,
  type Topic,
} from '#core/finding/observation.ts';
import { type Outcome, ok, rejected } from '#core/finding/outcome.ts';
import { guardDutySeverity, normalizedSeverity, type Severity, severityNamed } from '#core/finding/severity.ts';
import { controlOf, isVulnerabilityProduct, productOf } from '#core/intake/control-id.ts';
import type { Envelope } from '#core/intake/envelope.ts';
import { at, type Fields, first, list, number, present, text, time } from '#core/intake/fields.ts';
import { guardDutyUrl } from '#core/intake/guardduty.ts';
import { controlKey, guardDutyKey, productFindingKey } from '#core/intake/problem-key.ts';
import { accountId as accountIdOf } from '#core/organization/account.ts';

/** One ASFF finding of `Security Hub Findings - Imported` or `- Custom Action`. */
export function observeAsff(finding: Fields, envelope: Envelope): Outcome<Observation> {
  const id = text(finding, 'Id');
  if (id === undefined) return rejected('schema', 'a Security Hub finding without Id');
  const productArn = text(finding, 'ProductArn') ?? '';
  const product = productOf(productArn, text(finding, 'CompanyName'), text(finding, 'ProductName'));
  const common = readCommon(finding, envelope, id, product);
  if (product === 'aws/guardduty') return ok(guardDutyCopy(finding, common, id));
  const control = controlOf(finding, product);
  const resource = common.resources[0]?.id ?? 'none';
  if (control !== undefined) {
    // Per-standard findings put the standard's own number before the title.
    const title = common.title.replace(
      /^(?:PCI\.|CT\.)?(?:[A-Za-z][A-Za-z0-9]{0,30}\.)?\d{1,3}(?:\.\d{1,3})? (?=[A-Z])/,
      '',
    );
    return ok({
      ...common,
      title,
      topic: 'securityhub-control',
      type: control,
      key: controlKey(control, common.accountId ?? '', common.region, resource),
      ...(common.state === 'resolved' && text(finding, 'Compliance', 'Status') !== 'PASSED'
        ? { onlyArchived: true }
        : {}),
      facts: controlFacts(finding),
    });
  }
  const topic: Topic =
    isVulnerabilityProduct(product) || list(finding, 'Vulnerabilities').length > 0
      ? 'securityhub-vulnerability'
      : 'securityhub-finding';
  return ok({
    ...common,
    topic,
    key: productFindingKey(product, common.accountId ?? '', common.region, id),
    facts: topic === 'securityhub-vulnerability' ? vulnerabilityFacts(finding) : [],
  });
}

function readCommon(finding: Fields, envelope: Envelope, id: string, product: string): Observation {
  // An analyzer of the whole organization reports in the administrator's account about resources of others.
  const owner =
    product === 'aws/access-analyzer' ? accountIdOf(text(finding, 'ProductFields', 'ResourceOwnerAccount')) : undefined;
  const accountId = owner ?? text(finding, 'AwsAccountId') ?? envelope.account;
  const resources = list(finding, 'Resources');
  const region = first(text(finding, 'Region'), text(resources[0], 'Region')) ?? envelope.region;
  const severity = readSeverity(finding);
  const nameHint = text(finding, 'AwsAccountName');
  const title = text(finding, 'Title') ?? id;
  const passedOnAt = time(finding, 'ProcessedAt') ?? envelope.time;
  return {
    kind: 'securityhub',
    topic: 'securityhub-finding',
    key: productFindingKey(product, accountId ?? '', region, id),
    origin: `asff:${id}`,
    accountId,
    ...(nameHint === undefined ? {} : { accountNameHint: nameHint }),
    region,
    severity: severity ?? 'MEDIUM',
    severityStated: severity !== undefined,
    state: readState(finding),
    updatedAt:
      first(
        time(finding, 'UpdatedAt'),
        time(finding, 'LastObservedAt'),
        time(finding, 'CreatedAt'),
        envelope.time ?? undefined,
      ) ?? 0,
    // A changed workflow status leaves UpdatedAt as it was (BatchUpdateFindings).
    ...(passedOnAt === null ? {} : { passedOnAt }),
    firstSeenAt: first(time(finding, 'FirstObservedAt'), time(finding, 'CreatedAt')) ?? null,
    lastSeenAt: first(time(finding, 'LastObservedAt'), time(finding, 'UpdatedAt')) ?? null,
    count: null,
    type: text(finding, 'Types', 0) ?? text(finding, 'GeneratorId') ?? product,
    product,
    title,
    description: text(finding, 'Description') ?? '',
    advice: {
      text: text(finding, 'Remediation', 'Recommendation', 'Text') ?? null,
      url: safeUrl(text(finding, 'Remediation', 'Recommendation', 'Url')),
    },
    resources: resources.slice(0, MAX_RESOURCES).map(readResource),
    resourceCount: resources.length,
    actor: null,
    sample:
      at(finding, 'Sample') === true ||
      text(finding, 'ProductFields', 'aws/guardduty/service/additionalInfo/sample') === 'true',
    sourceUrl: securityHubUrl(region, id),
    facts: [],
    marks: {},
  };
}

/** The finding's page in the AWS console. */
function securityHubUrl(region: string, id: string): string | null {
  if (!/^[a-z0-9-]{5,30}$/.test(region)) return null;
  return `https://${region}.console.aws.amazon.com/securityhub/home?region=${region}#/findings?search=Id%3D%255Coperator%255C%253AEQUALS%255C%253A${encodeURIComponent(encodeURIComponent(id))}`;
}

/** Links of findings are written by third parties: only https ones are kept. */
export function safeUrl(url: string | undefined): string | null {
  return url !== undefined && /^https:\/\/[^\s<>|"]+$/.test(url) ? url : null;
}

function readResource(resource: unknown): ObservedResource {
  const id = text(resource, 'Id') ?? 'unknown';
  const name = first(text(resource, 'Tags', 'Name'), text(resource, 'Details', 'AwsEc2SecurityGroup', 'GroupName'));
  return { type: text(resource, 'Type') ?? 'Other', id, ...(name === undefined ? {} : { name }) };
}

function readSeverity(finding: Fields): Severity | undefined {
  const normalized = first(
    number(finding, 'Severity', 'Normalized'),
    number(finding, 'FindingProviderFields', 'Severity', 'Normalized'),
  );
  return first(
    severityNamed(at(finding, 'Severity', 'Label')),
    severityNamed(at(finding, 'FindingProviderFields', 'Severity', 'Label')),
    normalized === undefined ? undefined : normalizedSeverity(normalized),
    severityNamed(at(finding, 'Severity', 'Original')),
  );
}

function readState(finding: Fields): ObservedState {
  const workflow = text(finding, 'Workflow', 'Status');
  const compliance = text(finding, 'Compliance', 'Status');
  if (workflow === 'SUPPRESSED') return 'suppressed';
  if (text(finding, 'RecordState') === 'ARCHIVED' || compliance === 'PASSED') return 'resolved';
  if (compliance === 'WARNING' || compliance === 'NOT_AVAILABLE') return 'undetermined';
  // A control that still fails is a problem whatever a person set; other products know no other way to close.
  return workflow === 'RESOLVED' && compliance !== 'FAILED' ? 'resolved' : 'active';
}

function guardDutyCopy(finding: Fields, common: Observation, id: string): Observation {
  const findingId = id.slice(id.lastIndexOf('/') + 1);
  const raw = first(
    number(finding, 'Severity', 'Product'),
    number(finding, 'Severity', 'Original'),
    number(finding, 'FindingProviderFields', 'Severity', 'Original'),
  );
  const prefix = 'aws/guardduty/service/';
  const of = (name: string) => text(finding, 'ProductFields', `${prefix}${name}`);
  const remote = (action: string, name: string) => of(`action/${action}/remoteIpDetails/${name}`);
  const actions = [
    'awsApiCallAction',
    'networkConnectionAction',
    'portProbeAction/portProbeDetails.0_',
    'kubernetesApiCallAction',
  ];
  const fromRemote = (name: string) => first(...actions.map((action) => remote(action, name)));
  const actor = present({
    ip: fromRemote('ipAddressV4'),
    country: fromRemote('country/countryName'),
    city: fromRemote('city/cityName'),
    network: fromRemote('organization/asnOrg'),
    action: of('action/awsApiCallAction/api'),
    domain: of('action/dnsRequestAction/domain'),
  });
  const generator = text(finding, 'Types', 0)?.split('/').at(-1);
  return {
    ...common,
    kind: 'guardduty',
    topic: 'guardduty-finding',
    key: guardDutyKey(findingId),
    // ASFF types are written Purpose:Resource-Threat where GuardDuty writes Purpose:Resource/Threat.
    type: generator === undefined ? common.type : generator.replace(/^([^:]+:[^-]+)-/, '$1/'),
    ...(raw === undefined ? {} : { severity: guardDutySeverity(raw > 10 ? raw / 10 : raw), severityStated: true }),
    state: of('archived') === 'true' ? 'resolved' : common.state,
    firstSeenAt: time(of('eventFirstSeen')) ?? common.firstSeenAt,
    lastSeenAt: time(of('eventLastSeen')) ?? common.lastSeenAt,
    count: number(of('count')) ?? null,
    actor: Object.keys(actor).length === 0 ? null : actor,
    sourceUrl: guardDutyUrl(common.region, findingId),
  };
}

function controlFacts(finding: Fields): ObservedFact[] {
  const standards = list(finding, 'Compliance', 'AssociatedStandards')
    .map((standard) => text(standard, 'StandardsId'))
    .filter((id) => id !== undefined);
  const single = first(
    text(finding, 'ProductFields', 'StandardsArn'),
    text(finding, 'ProductFields', 'StandardsGuideArn'),
  );
  const all =
    standards.length > 0
      ? standards
      : single === undefined
        ? []
        : [single.replace(/^arn:[^:]*:securityhub:[^:]*:[^:]*:/, '')];
  const reason = text(finding, 'Compliance', 'StatusReasons', 0, 'Description');
  return [
    ...(all.length === 0 ? [] : [{ label: 'standards', value: all.join(', ') }]),
    ...(reason === undefined ? [] : [{ label: 'statusReason', value: reason }]),
  ];
}

function vulnerabilityFacts(finding: Fields): ObservedFact[] {
  const vulnerability = at(finding, 'Vulnerabilities', 0);
  const fact = (label: string, value: string | undefined): ObservedFact[] =>
    value === undefined ? [] : [{ label, value }];
  const packages = list(vulnerability, 'VulnerablePackages').map((entry) => {
    const fixed = text(entry, 'FixedInVersion');
    return `${text(entry, 'Name') ?? '?'} ${text(entry, 'Version') ?? ''}${fixed === undefined ? '' : ` → ${fixed}`}`.trim();
  });
  return [
    ...fact('vulnerability', text(vulnerability, 'Id')),
    ...fact('cvss', text(vulnerability, 'Cvss', 0, 'BaseScore')),
    ...fact('epss', text(vulnerability, 'EpssScore')),
    ...fact('packages', packages.length === 0 ? undefined : packages.join(', ')),
    ...fact('fixAvailable', text(vulnerability, 'FixAvailable')),
    ...fact('exploitAvailable', text(vulnerability, 'ExploitAvailable')),
  ];
}
