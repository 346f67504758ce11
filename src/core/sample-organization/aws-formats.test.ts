import { describe, expect, it } from 'vitest';
import { at, list, text } from '#core/intake/fields.ts';
import { resources } from './cast-resources.ts';
import { sampleOrganization } from './sample-organization.ts';
import type { EventBridgeEnvelope } from './types.ts';

const { events } = sampleOrganization({ endAt: Date.UTC(2026, 10, 17, 6, 0, 0) });
const envelopes = events.map((event) => event.envelope);
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

function ofType(...types: string[]): EventBridgeEnvelope[] {
  return envelopes.filter((envelope) => types.includes(envelope['detail-type']));
}

function findings(type: string): unknown[] {
  return ofType(type).map((envelope) => at(envelope.detail, 'findings', 0));
}

/** The paths at which a document lacks a value of the wanted kind. */
function missing(document: unknown, wanted: Readonly<Record<string, 'text' | 'number' | 'list' | 'object' | RegExp>>) {
  return Object.entries(wanted).flatMap(([path, kind]) => {
    const value = at(document, ...path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key)));
    const fits =
      kind === 'text'
        ? typeof value === 'string' && value !== ''
        : kind === 'number'
          ? typeof value === 'number'
          : kind === 'list'
            ? Array.isArray(value)
            : kind === 'object'
              ? value !== null && typeof value === 'object'
              : typeof value === 'string' && kind.test(value);
    return fits ? [] : [`${path}: ${JSON.stringify(value)}`];
  });
}

function allMissing(documents: readonly unknown[], wanted: Parameters<typeof missing>[1]): Set<string> {
  return new Set(documents.flatMap((document) => missing(document, wanted)));
}

const asffFindings = findings('Security Hub Findings - Imported');
const v2Findings = findings('Findings Imported V2');
const guardDuty = ofType('GuardDuty Finding');
const health = ofType('AWS Health Event', 'AWS Health Abuse Event');
const compliances = asffFindings.filter((finding) => text(finding, 'ProductName') === 'Security Hub');

describe('the envelopes', () => {
  it('have what EventBridge puts around every event', () => {
    const wanted = {
      version: /^0$/,
      id: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
      'detail-type': 'text',
      source: /^aws\.[a-z0-9]+$/,
      account: /^\d{12}$/,
      time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
      region: /^[a-z]{2}-[a-z]+-\d$/,
      resources: 'list',
      detail: 'object',
    } as const;

    expect(allMissing(envelopes, wanted)).toEqual(new Set());
  });

  it('are plain JSON', () => {
    expect(JSON.parse(JSON.stringify(envelopes))).toEqual(envelopes);
  });
});

describe('GuardDuty events', () => {
  it('have the fields AWS documents', () => {
    const wanted = {
      schemaVersion: /^2\.0$/,
      accountId: /^\d{12}$/,
      region: 'text',
      partition: /^aws$/,
      id: /^[\da-f]{32}$/,
      arn: /^arn:aws:guardduty:[a-z0-9-]+:\d{12}:detector\/[\da-f]{32}\/finding\/[\da-f]{32}$/,
      type: /^[A-Z][A-Za-z]+:[A-Za-z0-9]+\/[A-Za-z&]+[.!A-Za-z]*$/,
      title: 'text',
      description: 'text',
      createdAt: ISO,
      updatedAt: ISO,
      'resource.resourceType': 'text',
      'service.serviceName': /^guardduty$/,
      'service.detectorId': /^[\da-f]{32}$/,
      'service.resourceRole': /^(TARGET|ACTOR)$/,
      'service.eventFirstSeen': ISO,
      'service.eventLastSeen': ISO,
      'service.count': 'number',
    } as const;

    const details = guardDuty.map((envelope) => envelope.detail);

    expect(allMissing(details, wanted)).toEqual(new Set());
    expect(details.every((detail) => typeof at(detail, 'service', 'archived') === 'boolean')).toBe(true);
  });

  it('hold an action, but for attack sequences, which hold their signals', () => {
    const sequences = guardDuty.filter((envelope) => text(envelope.detail, 'type')?.startsWith('AttackSequence:'));
    const others = guardDuty.filter((envelope) => !sequences.includes(envelope));
    const actions = new Set(others.map((envelope) => text(envelope.detail, 'service', 'action', 'actionType')));

    expect(actions).toEqual(
      new Set(['AWS_API_CALL', 'NETWORK_CONNECTION', 'PORT_PROBE', 'DNS_REQUEST', 'KUBERNETES_API_CALL']),
    );
    expect(sequences.length).toBeGreaterThan(0);
    for (const { detail } of sequences) {
      expect(list(detail, 'service', 'detection', 'sequence', 'signals').length).toBeGreaterThan(3);
      expect(list(detail, 'service', 'detection', 'sequence', 'actors')).toHaveLength(1);
    }
  });

  it('refer to signals that are findings of their own', () => {
    const arns = new Set(guardDuty.map((envelope) => text(envelope.detail, 'arn')));
    const signals = guardDuty.flatMap(({ detail }) => list(detail, 'service', 'detection', 'sequence', 'signals'));

    expect(signals.filter((signal) => !arns.has(text(signal, 'uid')))).toEqual([]);
  });

  it('give one finding one creation time and one severity in all of its events', () => {
    const facts = new Map<string, Set<string>>();
    for (const { detail } of guardDuty.filter((envelope) => at(envelope.detail, 'severity') !== undefined)) {
      const id = text(detail, 'id') ?? '';
      facts.set(id, (facts.get(id) ?? new Set()).add(`${text(detail, 'createdAt')} ${text(detail, 'severity')}`));
    }

    expect(facts.size).toBeGreaterThan(30);
    expect([...facts.values()].filter((seen) => seen.size > 1)).toEqual([]);
  });

  it('never count down and never look into the future', () => {
    const latest = new Map<string, number>();
    for (const { detail, time } of guardDuty) {
      const id = text(detail, 'id') ?? '';
      const count = Number(text(detail, 'service', 'count'));
      expect(count).toBeGreaterThanOrEqual(latest.get(id) ?? 0);
      expect(Date.parse(text(detail, 'updatedAt') ?? '')).toBeLessThanOrEqual(Date.parse(time) + 1000);
      expect(Date.parse(text(detail, 'service', 'eventLastSeen') ?? '')).toBeLessThanOrEqual(Date.parse(time));
      latest.set(id, count);
    }
  });
});

describe('Security Hub events', () => {
  it('have the required fields of the finding format and name the finding in resources', () => {
    const wanted = {
      SchemaVersion: /^2018-10-08$/,
      Id: 'text',
      ProductArn: /^arn:aws:securityhub:[a-z0-9-]+::product\/[a-z]+\/[a-z-]+$/,
      ProductName: 'text',
      CompanyName: 'text',
      GeneratorId: 'text',
      AwsAccountId: /^\d{12}$/,
      Region: 'text',
      'Types.0': /^[^/]+(\/[^/]+)*/,
      CreatedAt: ISO,
      UpdatedAt: ISO,
      FirstObservedAt: ISO,
      LastObservedAt: ISO,
      'Severity.Label': /^(INFORMATIONAL|LOW|MEDIUM|HIGH|CRITICAL)$/,
      'Severity.Normalized': 'number',
      Title: 'text',
      Description: 'text',
      'Resources.0.Type': /^[A-Z]/,
      'Resources.0.Id': 'text',
      'Workflow.Status': /^(NEW|NOTIFIED|SUPPRESSED|RESOLVED)$/,
      RecordState: /^(ACTIVE|ARCHIVED)$/,
      'FindingProviderFields.Severity.Label': 'text',
    } as const;

    expect(allMissing(asffFindings, wanted)).toEqual(new Set());
    for (const envelope of ofType('Security Hub Findings - Imported')) {
      const finding = list(envelope.detail, 'findings')[0];
      expect(list(envelope.detail, 'findings')).toHaveLength(1);
      expect(envelope.resources).toEqual([`${text(finding, 'ProductArn')}/${text(finding, 'Id')}`]);
    }
  });

  it('have control findings in three shapes, each with its own fields', () => {
    const ids = compliances.map((finding) => text(finding, 'Id') ?? '');
    const perStandard = compliances.filter((finding) => (text(finding, 'Id') ?? '').includes(':subscription/'));

    expect(ids.some((id) => id.includes(':security-control/'))).toBe(true);
    expect(ids.some((id) => id.includes(':subscription/aws-foundational-security-best-practices/v/1.0.0/'))).toBe(true);
    expect(ids.some((id) => id.includes(':subscription/cis-aws-foundations-benchmark/v/1.2.0/'))).toBe(true);
    expect(
      perStandard.every(
        (finding) =>
          text(finding, 'ProductFields', 'StandardsArn') !== undefined ||
          text(finding, 'ProductFields', 'StandardsGuideArn') !== undefined,
      ),
    ).toBe(true);
    expect(
      allMissing(compliances, {
        'Compliance.Status': /^(PASSED|FAILED|WARNING|NOT_AVAILABLE)$/,
        'Compliance.SecurityControlId': /^[A-Za-z0-9]+\.\d+$/,
        'Compliance.AssociatedStandards.0.StandardsId': /^(standards|ruleset)\//,
      }),
    ).toEqual(new Set());
  });

  it('label a passed check INFORMATIONAL, whatever the control', () => {
    const passed = compliances.filter((finding) => text(finding, 'Compliance', 'Status') === 'PASSED');

    expect(passed.length).toBeGreaterThan(50);
    expect(new Set(passed.map((finding) => text(finding, 'Severity', 'Label')))).toEqual(new Set(['INFORMATIONAL']));
  });

  it('name resources that the company has', () => {
    const arns = new Set([...resources.values()].map((resource) => resource.arn));
    const unknown = compliances
      .map((finding) => text(finding, 'Resources', 0, 'Id') ?? '')
      .filter((id) => !arns.has(id));

    expect(unknown).toEqual([]);
  });
});

describe('events of the new Security Hub', () => {
  it('are OCSF 1.6 findings with consistent class, type and severity', () => {
    const wanted = {
      category_uid: 'number',
      class_uid: 'number',
      type_uid: 'number',
      activity_id: 'number',
      severity_id: 'number',
      status_id: 'number',
      time: 'number',
      time_dt: ISO,
      'cloud.account.uid': /^\d{12}$/,
      'cloud.region': 'text',
      'cloud.provider': /^AWS$/,
      'finding_info.uid': 'text',
      'finding_info.title': 'text',
      'finding_info.desc': 'text',
      'finding_info.created_time': 'number',
      'finding_info.modified_time': 'number',
      'finding_info.types': 'list',
      'metadata.product.uid': /^arn:aws:securityhub:[a-z0-9-]+::productv2\/aws\/(guardduty|securityhub|inspector)$/,
      'metadata.version': /^1\.6\.0$/,
      'metadata.uid': /^[\da-f]{64}$/,
      'resources.0.uid': 'text',
      'resources.0.type': /^AWS::/,
    } as const;

    expect(allMissing(v2Findings, wanted)).toEqual(new Set());
    for (const finding of v2Findings) {
      expect(at(finding, 'type_uid')).toBe(Number(at(finding, 'class_uid')) * 100 + Number(at(finding, 'activity_id')));
    }
    expect(new Set(v2Findings.map((finding) => at(finding, 'class_uid')))).toEqual(new Set([2002, 2003, 2004]));
  });

  it('carry what their class demands', () => {
    const by = (uid: number) => v2Findings.filter((finding) => at(finding, 'class_uid') === uid);

    expect(allMissing(by(2003), { 'compliance.control': 'text', 'compliance.status_id': 'number' })).toEqual(new Set());
    expect(allMissing(by(2002), { 'vulnerabilities.0.cve.uid': /^CVE-\d{4}-\d+$/ })).toEqual(new Set());
    expect(allMissing(by(2004), { 'finding_info.uid_alt': /^[\da-f]{32}$/, count: 'number' })).toEqual(new Set());
  });
});

describe('Health events', () => {
  it('have the fields of the schema, with pages and flags as text', () => {
    const wanted = {
      eventArn: /^arn:aws:health:[a-z0-9-]+::event\/[A-Z0-9]+\/AWS_[A-Z0-9_]+\/AWS_/,
      service: /^[A-Z0-9]+$/,
      eventTypeCode: /^AWS_[A-Z0-9_]+$/,
      eventTypeCategory: /^(issue|scheduledChange|accountNotification|investigation)$/,
      eventScopeCode: /^(ACCOUNT_SPECIFIC|PUBLIC)$/,
      communicationId: /^[\da-f]{40}-\d+$/,
      startTime: HTTP_DATE,
      lastUpdatedTime: HTTP_DATE,
      statusCode: /^(open|closed|upcoming)$/,
      eventRegion: 'text',
      'eventDescription.0.language': /^en_US$/,
      'eventDescription.0.latestDescription': 'text',
      affectedEntities: 'list',
      page: /^\d+$/,
      totalPages: /^\d+$/,
      backupEvent: /^(true|false)$/,
    } as const;

    expect(
      allMissing(
        health.map((envelope) => envelope.detail),
        wanted,
      ),
    ).toEqual(new Set());
  });

  it('name an affected account unless they are public', () => {
    const isPublic = (envelope: EventBridgeEnvelope) => text(envelope.detail, 'eventScopeCode') === 'PUBLIC';

    expect(health.filter(isPublic).length).toBeGreaterThan(0);
    expect(health.every((one) => (text(one.detail, 'affectedAccount') === undefined) === isPublic(one))).toBe(true);
  });
});

describe('account lifecycle events', () => {
  it('tell one new account twice, by Organizations without its name and by Control Tower with it', () => {
    const told = ofType('AWS Service Event via CloudTrail');

    expect(told.map((one) => text(one.detail, 'eventName'))).toEqual(['CreateAccountResult', 'CreateManagedAccount']);
    expect(text(told[0]?.detail, 'serviceEventDetails', 'createAccountStatus', 'accountName')).toBe('****');
    expect(text(told[1]?.detail, 'serviceEventDetails', 'createManagedAccountStatus', 'account', 'accountName')).toBe(
      'sandbox-hackathon',
    );
  });
});
