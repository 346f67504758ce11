import { describe, expect, it } from 'vitest';
import { at, list, text } from '#core/intake/fields.ts';
import { adminAccount } from './cast-accounts.ts';
import { sampleOrganization } from './sample-organization.ts';

const { events } = sampleOrganization({ endAt: Date.UTC(2026, 10, 17, 6, 0, 0) });
const envelopes = events.map((event) => event.envelope);

function details(type: string) {
  return envelopes.filter((envelope) => envelope['detail-type'] === type).map((envelope) => envelope.detail);
}

const guardDuty = details('GuardDuty Finding');
const asff = details('Security Hub Findings - Imported').map((detail) => at(detail, 'findings', 0));
const v2 = details('Findings Imported V2').map((detail) => at(detail, 'findings', 0));
const health = [...details('AWS Health Event'), ...details('AWS Health Abuse Event')];

function grouped<T>(items: readonly T[], key: (item: T) => string): T[][] {
  return [...Map.groupBy(items, key).values()];
}

function controlKeys(findings: readonly unknown[], shape: string): Set<string> {
  const ofShape = findings.filter((finding) => (text(finding, 'Id') ?? '').includes(shape));
  return new Set(
    ofShape.map(
      (finding) => `${text(finding, 'Compliance', 'SecurityControlId')} ${text(finding, 'Resources', 0, 'Id')}`,
    ),
  );
}

describe('what makes findings hard to follow is in the sample:', () => {
  it('GuardDuty findings whose counts grow', () => {
    const growing = grouped(guardDuty, (detail) => text(detail, 'id') ?? '').filter(
      (all) => new Set(all.map((detail) => text(detail, 'service', 'count'))).size > 3,
    );

    expect(growing.length).toBeGreaterThan(5);
  });

  it('GuardDuty findings archived later, one without its severity', () => {
    const archived = guardDuty.filter((detail) => at(detail, 'service', 'archived') === true);

    expect(archived.length).toBeGreaterThan(5);
    expect(archived.filter((detail) => at(detail, 'severity') === undefined).length).toBeGreaterThan(0);
  });

  it('GuardDuty samples, marked as such directly and through Security Hub', () => {
    expect(guardDuty.some((detail) => at(detail, 'service', 'additionalInfo', 'sample') === true)).toBe(true);
    expect(asff.some((finding) => at(finding, 'Sample') === true)).toBe(true);
  });

  it('an attack sequence of critical severity, and signals that name it', () => {
    const sequence = guardDuty.find((detail) => text(detail, 'type') === 'AttackSequence:IAM/CompromisedCredentials');

    expect(at(sequence, 'severity')).toBeGreaterThanOrEqual(9);
    expect(
      guardDuty.filter((detail) => text(detail, 'associatedAttackSequenceArn') === text(sequence, 'arn')),
    ).not.toEqual([]);
  });

  it('the same GuardDuty finding on three ways', () => {
    const direct = new Set(guardDuty.map((detail) => text(detail, 'arn')));
    const imported = new Set(asff.map((finding) => text(finding, 'Id')));
    const new_ = new Set(v2.map((finding) => text(finding, 'finding_info', 'uid')));

    expect(direct.intersection(imported).intersection(new_).size).toBeGreaterThan(10);
  });

  it('the same finding on the member’s and the administrator’s bus', () => {
    const hub = envelopes.filter((envelope) => envelope['detail-type'] === 'Security Hub Findings - Imported');
    const twice = grouped(hub, (envelope) => JSON.stringify(envelope.detail)).filter((all) => all.length === 2);

    expect(twice.length).toBeGreaterThan(30);
    expect(twice.every((all) => all.some((one) => one.account === adminAccount))).toBe(true);
  });

  it('a finding of another Region that the aggregation Region passes on', () => {
    const moved = envelopes.filter(
      (envelope) =>
        envelope.source === 'aws.securityhub' &&
        text(envelope.detail, 'findings', 0, 'Region') === 'us-east-1' &&
        envelope.region === 'ap-northeast-1',
    );

    expect(moved.length).toBeGreaterThan(0);
  });

  it('the same control on the same resource per standard and consolidated', () => {
    const consolidated = controlKeys(asff, ':security-control/');
    const fsbp = controlKeys(asff, ':subscription/aws-foundational-security-best-practices/');
    const cis = controlKeys(asff, ':subscription/cis-aws-foundations-benchmark/');

    expect(consolidated.intersection(fsbp).size).toBeGreaterThan(40);
    expect(consolidated.intersection(cis).size).toBeGreaterThan(5);
    expect(fsbp.intersection(cis).size).toBeGreaterThan(5);
  });

  it('every compliance status, workflow status, record state and severity', () => {
    const seen = (...path: (string | number)[]) => new Set(asff.map((finding) => text(finding, ...path)));

    expect(seen('Compliance', 'Status')).toEqual(new Set(['FAILED', 'PASSED', 'WARNING', 'NOT_AVAILABLE', undefined]));
    expect(seen('Workflow', 'Status')).toEqual(new Set(['NEW', 'NOTIFIED', 'SUPPRESSED', 'RESOLVED']));
    expect(seen('RecordState')).toEqual(new Set(['ACTIVE', 'ARCHIVED']));
    expect(seen('Severity', 'Label')).toEqual(new Set(['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']));
  });

  it('findings that go from NOTIFIED back to NEW although nothing changed', () => {
    const flipped = grouped(asff, (finding) => text(finding, 'Id') ?? '').filter((all) => {
      const states = all.map(
        (finding) => `${text(finding, 'Workflow', 'Status')} ${text(finding, 'Compliance', 'Status')}`,
      );
      return states.some((state, index) => state === 'NEW FAILED' && states[index - 1] === 'NOTIFIED FAILED');
    });

    expect(flipped.length).toBeGreaterThan(2);
  });

  it('every product that reports through Security Hub', () => {
    const products = new Set(asff.map((finding) => text(finding, 'ProductName')));

    expect(products).toEqual(
      new Set(['Security Hub', 'GuardDuty', 'Inspector', 'Macie', 'IAM Access Analyzer', 'Config', 'Prowler']),
    );
  });

  it('a custom action pressed on a finding', () => {
    const pressed = details('Security Hub Findings - Custom Action');

    expect(pressed).toHaveLength(2);
    expect(pressed.every((detail) => text(detail, 'actionName') === 'Send to SOC')).toBe(true);
  });

  it('Health events in pages, with a copy in the backup Region under the same communication', () => {
    const maintenance = envelopes.filter(
      (envelope) => text(envelope.detail, 'eventTypeCode') === 'AWS_RDS_MAINTENANCE_SCHEDULED',
    );
    const pages = new Set(maintenance.map((envelope) => text(envelope.detail, 'page')));
    const copies = grouped(
      maintenance,
      (envelope) => `${envelope.account} ${text(envelope.detail, 'communicationId')}`,
    );

    expect(pages).toEqual(new Set(['1', '2']));
    expect(copies.every((all) => all.length === 2)).toBe(true);
    expect(
      copies.every((all) => {
        const backup = all.find((one) => text(one.detail, 'backupEvent') === 'true');
        return backup?.region === 'us-west-2' && all.some((one) => one.region === 'ap-northeast-1');
      }),
    ).toBe(true);
  });

  it('a maintenance that is announced, moved and closed', () => {
    const states = health
      .filter((detail) => text(detail, 'eventTypeCode') === 'AWS_RDS_MAINTENANCE_SCHEDULED')
      .map((detail) => `${text(detail, 'statusCode')} ${text(detail, 'startTime')?.slice(17)}`);

    expect([...new Set(states)]).toEqual(['upcoming 17:00:00 GMT', 'upcoming 18:00:00 GMT', 'closed 18:00:00 GMT']);
  });

  it('one Health event that affects two accounts under the same ARN', () => {
    const shared = grouped(health, (detail) => text(detail, 'eventArn') ?? '').filter(
      (all) => new Set(all.map((detail) => text(detail, 'affectedAccount'))).size > 1,
    );

    expect(shared.length).toBe(1);
  });

  it('text that an attacker wrote', () => {
    const tags = guardDuty.flatMap((detail) => list(detail, 'resource', 'instanceDetails', 'tags'));

    expect(tags.map((tag) => text(tag, 'value'))).toContain('<!channel> *batch-worker*');
  });
});
