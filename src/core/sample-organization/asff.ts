import { isoMillis } from './calendar.ts';
import { accountNameOf, adminAccount, HOME_REGION } from './cast-accounts.ts';
import { delivered } from './envelope.ts';
import type { Resource } from './resource.ts';
import type { Json, JsonObject, SampleEvent } from './types.ts';

export type Label = 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
export type WorkflowStatus = 'NEW' | 'NOTIFIED' | 'SUPPRESSED' | 'RESOLVED';

const NORMALIZED: Readonly<Record<Label, number>> = { INFORMATIONAL: 0, LOW: 1, MEDIUM: 40, HIGH: 70, CRITICAL: 90 };

/** What differs between the findings that Security Hub takes in. */
export type AsffFinding = {
  readonly id: string;
  /** Last part of the product ARN, e.g. `aws/guardduty`. */
  readonly product: string;
  readonly productName: string;
  readonly companyName: string;
  readonly generatorId: string;
  readonly account: string;
  readonly region: string;
  readonly types: readonly string[];
  readonly firstObservedAt: number;
  readonly lastObservedAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly label: Label;
  /** Severity parts beside the label. */
  readonly severity?: Readonly<Record<string, Json>>;
  readonly title: string;
  readonly description: string;
  readonly remediation?: { readonly text: string; readonly url?: string };
  readonly sourceUrl?: string;
  readonly productFields: Readonly<Record<string, string>>;
  readonly resources: readonly Json[];
  readonly workflow: WorkflowStatus;
  readonly recordState: 'ACTIVE' | 'ARCHIVED';
  /** Fields of this kind of finding: `Compliance`, `Vulnerabilities`, `Action`, `Note` … */
  readonly more?: Readonly<Record<string, Json>>;
};

/** A finding in the AWS Security Finding Format. */
export function asff(finding: AsffFinding): JsonObject {
  const productArn = productArnOf(finding);
  const severity = { Label: finding.label, Normalized: NORMALIZED[finding.label], ...finding.severity };
  return {
    SchemaVersion: '2018-10-08',
    Id: finding.id,
    ProductArn: productArn,
    ProductName: finding.productName,
    CompanyName: finding.companyName,
    Region: finding.region,
    GeneratorId: finding.generatorId,
    AwsAccountId: finding.account,
    AwsAccountName: accountNameOf(finding.account),
    Types: finding.types,
    FirstObservedAt: isoMillis(finding.firstObservedAt),
    LastObservedAt: isoMillis(finding.lastObservedAt),
    CreatedAt: isoMillis(finding.createdAt),
    UpdatedAt: isoMillis(finding.updatedAt),
    ProcessedAt: isoMillis(finding.updatedAt + 4321),
    Severity: severity,
    Title: finding.title,
    Description: finding.description,
    ...(finding.remediation === undefined ? {} : { Remediation: remediation(finding.remediation) }),
    ...(finding.sourceUrl === undefined ? {} : { SourceUrl: finding.sourceUrl }),
    ProductFields: {
      ...finding.productFields,
      'aws/securityhub/FindingId': `${productArn}/${finding.id}`,
      'aws/securityhub/ProductName': finding.productName,
      'aws/securityhub/CompanyName': finding.companyName,
    },
    Resources: finding.resources,
    WorkflowState: 'NEW',
    Workflow: { Status: finding.workflow },
    RecordState: finding.recordState,
    ...finding.more,
    FindingProviderFields: { Severity: { Label: finding.label }, Types: finding.types },
  };
}

/** An ASFF resource entry. */
export function asffResource(resource: Resource, details?: JsonObject): JsonObject {
  return {
    Type: resource.asffType,
    Id: resource.arn,
    Partition: 'aws',
    Region: resource.region,
    ...(Object.keys(resource.tags).length === 0 ? {} : { Tags: resource.tags }),
    ...(details === undefined ? {} : { Details: { [resource.asffType]: details } }),
  };
}

export type Imported = {
  readonly finding: AsffFinding;
  readonly time: number;
  readonly beat: string | null;
  readonly label: string;
  /** Whether the member account's own bus forwards it too. */
  readonly alsoFromMember: boolean;
};

/** Security Hub's event on the administrator's bus in the aggregation Region, and for some on the member's bus. */
export function imported({ finding, time, beat, label, alsoFromMember }: Imported): SampleEvent[] {
  const detail: JsonObject = { findings: [asff(finding)] };
  const event = (account: string, region: string, at: number) =>
    delivered({
      time: at,
      source: 'aws.securityhub',
      detailType: 'Security Hub Findings - Imported',
      account,
      region,
      resources: [`${productArnOf(finding)}/${finding.id}`],
      detail,
      beat,
      label,
    });
  const atAdministrator = event(adminAccount, HOME_REGION, time);
  return alsoFromMember ? [atAdministrator, event(finding.account, finding.region, time + 3000)] : [atAdministrator];
}

/** The ARN of the product that made a finding. */
function productArnOf(finding: Pick<AsffFinding, 'region' | 'product'>): string {
  return `arn:aws:securityhub:${finding.region}::product/${finding.product}`;
}

function remediation({ text, url }: { readonly text: string; readonly url?: string }): JsonObject {
  return { Recommendation: { Text: text, ...(url === undefined ? {} : { Url: url }) } };
}
