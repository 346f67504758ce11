import type { Label } from './asff.ts';
import { isoMillis } from './calendar.ts';
import { accountNameOf, adminAccount, HOME_REGION } from './cast-accounts.ts';
import { delivered } from './envelope.ts';
import { stableHex } from './random.ts';
import type { Resource } from './resource.ts';
import type { Json, JsonObject, SampleEvent } from './types.ts';

const ocsfClasses = {
  compliance: { uid: 2003, name: 'Compliance Finding' },
  detection: { uid: 2004, name: 'Detection Finding' },
  vulnerability: { uid: 2002, name: 'Vulnerability Finding' },
} as const;

const SEVERITIES: Readonly<Record<Label, readonly [id: number, name: string]>> = {
  INFORMATIONAL: [1, 'Informational'],
  LOW: [2, 'Low'],
  MEDIUM: [3, 'Medium'],
  HIGH: [4, 'High'],
  CRITICAL: [5, 'Critical'],
};

// BatchUpdateFindingsV2 counts NOTIFIED as 2, which OCSF calls In Progress.
const STATUSES = {
  NEW: [1, 'New'],
  NOTIFIED: [2, 'In Progress'],
  SUPPRESSED: [3, 'Suppressed'],
  RESOLVED: [4, 'Resolved'],
} as const;

const ACTIVITIES = { Create: 1, Update: 2, Close: 3 } as const;

/** What differs between the findings of the new Security Hub. */
export type OcsfFinding = {
  readonly class: keyof typeof ocsfClasses;
  /** Last part of the product ARN, e.g. `aws/guardduty`. */
  readonly product: string;
  readonly productName: string;
  readonly uid: string;
  readonly account: string;
  readonly region: string;
  readonly title: string;
  readonly description: string;
  readonly types: readonly string[];
  readonly label: Label;
  readonly status: keyof typeof STATUSES;
  readonly activity: keyof typeof ACTIVITIES;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Parts of `finding_info` beyond the common ones. */
  readonly info?: Readonly<Record<string, Json>>;
  readonly resources: readonly Json[];
  /** Parts of this class: `compliance`, `evidences`, `vulnerabilities` … */
  readonly more: Readonly<Record<string, Json>>;
};

/** A finding in OCSF 1.6 as the new Security Hub sends it. */
export function ocsf(finding: OcsfFinding): JsonObject {
  const kind = ocsfClasses[finding.class];
  const [severityId, severity] = SEVERITIES[finding.label];
  const [statusId, status] = STATUSES[finding.status];
  const activityId = ACTIVITIES[finding.activity];
  return {
    activity_id: activityId,
    activity_name: finding.activity,
    category_name: 'Findings',
    category_uid: 2,
    class_name: kind.name,
    class_uid: kind.uid,
    type_name: `${kind.name}: ${finding.activity}`,
    type_uid: kind.uid * 100 + activityId,
    cloud: {
      account: { name: accountNameOf(finding.account), type: 'AWS Account', type_id: 10, uid: finding.account },
      cloud_partition: 'aws',
      provider: 'AWS',
      region: finding.region,
    },
    finding_info: findingInfo(finding),
    metadata: metadata(finding),
    resources: finding.resources,
    severity,
    severity_id: severityId,
    status,
    status_id: statusId,
    time: finding.modifiedAt,
    time_dt: isoMillis(finding.modifiedAt),
    vendor_attributes: { severity, severity_id: severityId },
    ...finding.more,
  };
}

/** An OCSF resource entry. */
export function ocsfResource(resource: Resource): JsonObject {
  return {
    cloud_partition: 'aws',
    name: resource.name,
    owner: { account: { type: 'AWS Account', type_id: 10, uid: resource.account } },
    region: resource.region,
    ...(Object.keys(resource.tags).length === 0
      ? {}
      : { tags: Object.entries(resource.tags).map(([name, value]) => ({ name, value })) }),
    type: resource.type,
    uid: resource.id,
    // Security Hub names an account by its bare id here, everything else by id and ARN.
    ...(resource.type === 'AWS::::Account' ? {} : { uid_alt: resource.arn }),
  };
}

/** The event of the new Security Hub, on the administrator's bus in the home Region. */
export function importedV2(finding: OcsfFinding, time: number, beat: string | null, label: string): SampleEvent {
  return delivered({
    time,
    source: 'aws.securityhub',
    detailType: 'Findings Imported V2',
    account: adminAccount,
    region: HOME_REGION,
    resources: [metadataUid(finding)],
    detail: { findings: [ocsf(finding)] },
    beat,
    label: `v2|${label}`,
  });
}

function findingInfo(finding: OcsfFinding): JsonObject {
  return {
    created_time: finding.createdAt,
    created_time_dt: isoMillis(finding.createdAt),
    desc: finding.description,
    first_seen_time: finding.firstSeenAt,
    first_seen_time_dt: isoMillis(finding.firstSeenAt),
    last_seen_time: finding.lastSeenAt,
    last_seen_time_dt: isoMillis(finding.lastSeenAt),
    modified_time: finding.modifiedAt,
    modified_time_dt: isoMillis(finding.modifiedAt),
    title: finding.title,
    types: finding.types,
    uid: finding.uid,
    ...finding.info,
  };
}

function metadata(finding: OcsfFinding): JsonObject {
  return {
    product: {
      name: finding.productName,
      uid: `arn:aws:securityhub:${finding.region}::productv2/${finding.product}`,
      vendor_name: 'AWS',
    },
    profiles: ['cloud', 'datetime'],
    uid: metadataUid(finding),
    version: '1.6.0',
  };
}

function metadataUid(finding: OcsfFinding): string {
  return stableHex(`ocsf-metadata|${finding.product}|${finding.uid}`, 64);
}
