import { defineLogSource, jsonRecords, type ObjectSample } from '#core/lake/source/log-source.ts';
import { firstNotice } from '#core/lake/text/aws-notice.ts';
import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';
import { expandFindings } from './expand-findings.ts';

export const source = defineLogSource({
  id: 'aws.security-hub',
  title: 'AWS Security Hub findings: CSPM (ASFF) and Security Hub V2 (OCSF)',
  vendor: 'AWS',
  classes: ['vulnerability_finding', 'compliance_finding', 'detection_finding'],
  native: ['SH_FINDINGS'],
  profiles: ['cloud'],
  recognise: { key: /security-?hub/i, content: isSecurityHub },
  decode: jsonRecords({ at: ['Findings'], expand: expandFindings }),
  fields: {
    eventAccount: { path: 'event.account', keep: true },
    eventRegion: { path: 'event.region', keep: true },
    schemaVersion: 'SchemaVersion',
    id: 'Id',
    productArn: 'ProductArn',
    productName: 'ProductName',
    companyName: 'CompanyName',
    awsRegion: 'Region',
    generatorId: 'GeneratorId',
    accountId: 'AwsAccountId',
    accountName: 'AwsAccountName',
    types: 'Types',
    firstObservedAt: 'FirstObservedAt',
    lastObservedAt: 'LastObservedAt',
    createdAt: 'CreatedAt',
    updatedAt: 'UpdatedAt',
    processedAt: 'ProcessedAt',
    severityLabel: 'Severity.Label',
    severityNormalized: { path: 'Severity.Normalized', keep: true },
    confidence: { path: 'Confidence', keep: true },
    criticality: { path: 'Criticality', keep: true },
    title: 'Title',
    description: 'Description',
    remediationText: 'Remediation.Recommendation.Text',
    remediationUrl: 'Remediation.Recommendation.Url',
    sourceUrl: 'SourceUrl',
    productFields: 'ProductFields',
    userDefinedFields: { path: 'UserDefinedFields', keep: true },
    resources: 'Resources',
    complianceStatus: 'Compliance.Status',
    controlId: 'Compliance.SecurityControlId',
    requirements: 'Compliance.RelatedRequirements',
    statusReasons: 'Compliance.StatusReasons',
    standards: 'Compliance.AssociatedStandards',
    workflowStatus: 'Workflow.Status',
    vulnerabilities: { path: 'Vulnerabilities', keep: true },
    relatedFindings: 'RelatedFindings',
    noteText: 'Note.Text',
    findingAction: { path: 'Action', keep: true },
    ocsfClass: 'v2.class_uid',
    ocsfActivity: 'v2.activity_id',
    ocsfActivityName: 'v2.activity_name',
    ocsfTime: 'v2.time',
    ocsfTimeDt: 'v2.time_dt',
    ocsfStart: 'v2.start_time',
    ocsfStartDt: 'v2.start_time_dt',
    ocsfEnd: 'v2.end_time',
    ocsfEndDt: 'v2.end_time_dt',
    ocsfSeverity: 'v2.severity_id',
    ocsfSeverityName: 'v2.severity',
    ocsfStatus: 'v2.status_id',
    ocsfStatusName: 'v2.status',
    ocsfStatusCode: 'v2.status_code',
    ocsfStatusDetail: 'v2.status_detail',
    ocsfMessage: 'v2.message',
    ocsfComment: 'v2.comment',
    ocsfCount: 'v2.count',
    ocsfConfidence: 'v2.confidence_score',
    ocsfCloud: 'v2.cloud',
    ocsfMetadata: 'v2.metadata',
    ocsfFindingInfo: 'v2.finding_info',
    ocsfCompliance: 'v2.compliance',
    ocsfRemediation: 'v2.remediation',
    ocsfResources: 'v2.resources',
    ocsfVulnerabilities: 'v2.vulnerabilities',
    evidences: 'made.evidences',
    ocsfUnmapped: { path: 'ocsf.unmapped', keep: true },
  },
});

/** A document of findings, an event of Security Hub, or a finding in one of the two formats. */
function isSecurityHub(sample: ObjectSample): boolean {
  const notice = firstNotice(sample, 'Findings');
  if (notice === undefined) return sample.firstJson === undefined && hasFindingKeys(sample.text);
  const { event } = notice.around;
  if (isJsonObject(event)) return event['source'] === 'aws.securityhub';
  return isAsff(notice.document) || isV2(notice.document);
}

function isAsff(record: JsonObject): boolean {
  return typeof record['ProductArn'] === 'string' && 'GeneratorId' in record && 'AwsAccountId' in record;
}

/** Other products write OCSF too; Security Hub names its product by an ARN. */
function isV2(record: JsonObject): boolean {
  const { class_uid: classUid, finding_info: findingInfo, metadata } = record;
  const product = isJsonObject(metadata) ? metadata['product'] : undefined;
  const uid = isJsonObject(product) ? product['uid'] : undefined;
  return classUid !== undefined && findingInfo !== undefined && typeof uid === 'string' && uid.includes(':productv2/');
}

/** The sample ends within its first document. */
function hasFindingKeys(text: string): boolean {
  return (
    /^\s*(?:\{\s*"Findings"\s*:\s*)?[[{]/.test(text) &&
    /"ProductArn"\s*:\s*"arn:/.test(text) &&
    text.includes('"AwsAccountId"')
  );
}
