import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awsEvent, type Json, type JsonObject } from '../../../test/stand-ins/events/aws-events.ts';
import { MAX_RESOURCES, type Observation } from '../finding/observation.ts';
import { SEVERITIES } from '../finding/severity.ts';
import { observe, type Reading } from './observe.ts';

const bases = [
  'guardduty',
  'guardduty-asff',
  'guardduty-v2',
  'control',
  'control-fsbp',
  'control-cis',
  'control-v2',
  'custom-action',
  'inspector',
  'health',
  'account-created',
  'account-managed',
  'account-moved',
  'ec2-state',
] as const;

const hostileWords = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '\ud800',
  '\udfff\ud800',
  '\u0000\u001b[31m\u202e',
  '<!channel> *bold* <@U1> &',
  '',
  ' ',
  '%7C|%25',
  'NaN',
  '-1',
  '1e400',
  '2999-12-31T23:59:59Z',
  '-271821-04-20T00:00:00Z',
];

const anything: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(...hostileWords),
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    -1,
    1e308,
    -1e308,
    5e-324,
    2 ** 53,
    8.64e15,
    8.64e15 + 1,
    [],
    {},
    [[]],
    [null],
  ),
  fc.constant(JSON.parse('{"__proto__":{"id":1},"constructor":{"prototype":null}}') as Json),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

const mutated = fc
  .tuple(
    fc.constantFrom(...bases),
    fc.array(fc.tuple(fc.nat(), fc.option(anything, { nil: undefined })), { maxLength: 4 }),
  )
  .map(([base, changes]) => {
    const event = awsEvent(base);
    // A copy, or the event could come to hold itself.
    for (const [place, value] of changes)
      change(event, place, value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json));
    return JSON.parse(JSON.stringify(event)) as JsonObject;
  });

function change(event: JsonObject, place: number, value: Json | undefined): void {
  const places = placesOf(event);
  const found = places[place % places.length];
  if (found === undefined) return;
  const [parent, key] = found;
  if (value === undefined) delete parent[key];
  else Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

function placesOf(value: Json): [JsonObject, string][] {
  if (value === null || typeof value !== 'object') return [];
  const parent = value as JsonObject;
  return Object.keys(parent).flatMap((key): [JsonObject, string][] => [
    [parent, key],
    ...placesOf(parent[key] ?? null),
  ]);
}

function expectSound(reading: Reading, event: unknown): void {
  const findings = Object(Object(event)['detail'])['findings'];
  const isList =
    reading.detailType.startsWith('Security Hub Findings - ') || reading.detailType === 'Findings Imported V2';
  const wanted = isList && Array.isArray(findings) && findings.length > 0 ? findings.length : 1;
  expect(reading.observations.length + reading.unused.length).toBe(wanted);
  for (const observation of reading.observations) expectWhole(observation);
  for (const part of reading.unused) expect(part.detail).not.toBe('');
}

function expectWhole(observation: Observation): void {
  expect(SEVERITIES).toContain(observation.severity);
  expect(['active', 'resolved', 'suppressed', 'undetermined']).toContain(observation.state);
  for (const at of [observation.updatedAt, observation.firstSeenAt, observation.lastSeenAt])
    if (at !== null) expect(new Date(at).getTime()).toBe(at);
  expect(observation.resources.length).toBeLessThanOrEqual(MAX_RESOURCES);
  const text = JSON.stringify(observation);
  expect(JSON.parse(text)).toEqual(observation);
  expect(text).not.toMatch(/\\ud[89a-f]/);
  expect(Buffer.byteLength(observation.key)).toBeLessThanOrEqual(700);
}

describe('any event', () => {
  it('ends as observations, as an unknown kind or as not understood, whatever is wrong with it', () => {
    fc.assert(
      fc.property(mutated, (event) => expectSound(observe(event), event)),
      { numRuns: 3_000 },
    );
  });

  it('is no reason to throw, even when it is no event at all', () => {
    fc.assert(
      fc.property(anything, (event) => expectSound(observe(event), event)),
      { numRuns: 500 },
    );
  });

  it.each(['constructor', '__proto__', 'toString'])('may call its parts %s', (word) => {
    const events = [
      awsEvent({ of: 'account-moved', set: { 'detail.eventName': word } }),
      awsEvent({ of: 'account-created', set: { 'detail.eventName': word } }),
      awsEvent({ of: 'control-cis', set: { 'finding.ProductFields.RuleId': word } }),
      awsEvent({
        of: 'control-cis',
        set: { 'finding.GeneratorId': `pci-dss/v/3.2.1/${word}`, 'finding.ProductFields': {} },
      }),
      awsEvent({ of: 'guardduty', set: { 'detail-type': word } }),
    ];

    const readings = events.map(observe);

    expect(readings.map((reading) => reading.observations[0]?.type ?? reading.unused[0]?.kind)).toEqual([
      'unknown-kind',
      'unknown-kind',
      `CIS.${word}`,
      word,
      'unknown-kind',
    ]);
  });

  it('may be nested 10,000 deep', () => {
    const deep = `${'{"Id":['.repeat(10_000)}1${']}'.repeat(10_000)}`;
    const inDetail = JSON.stringify(awsEvent('guardduty')).replace('"schemaVersion":"2.0"', `"Deep":${deep}`);
    const asDetail = JSON.stringify(awsEvent({ of: 'guardduty', set: { detail: 1 } })).replace(
      '"detail":1',
      `"detail":${deep}`,
    );

    expect(observe(JSON.parse(inDetail)).observations).toHaveLength(1);
    expect(observe(JSON.parse(asDetail)).unused).toEqual([{ kind: 'not-understood', detail: expect.any(String) }]);
    expect(observe(JSON.parse(deep)).unused[0]?.kind).toBe('not-understood');
  });

  it('may be 1 MB large: what is kept of it is bounded', () => {
    const event = awsEvent({
      of: 'control',
      set: { 'finding.Description': 'x'.repeat(1024 * 1024), 'finding.Title': '\ud83d\ude00'.repeat(200_000) },
    });

    const [observation] = observe(event).observations;

    expect(JSON.stringify(observation).length).toBeLessThan(40_000);
    expect(observation?.title.isWellFormed()).toBe(true);
  });

  it('may name 1,000 resources: the first are kept and all are counted', () => {
    const resources = Array.from({ length: 1_000 }, (_, index) => ({
      Type: 'AwsS3Bucket',
      Id: `arn:aws:s3:::b-${index}`,
    }));

    const [observation] = observe(awsEvent({ of: 'inspector', set: { 'finding.Resources': resources } })).observations;

    expect(observation?.resourceCount).toBe(1_000);
    expect(observation?.resources).toHaveLength(MAX_RESOURCES);
    expect(observation?.resources[0]?.id).toBe('arn:aws:s3:::b-0');
  });

  it('may hold 1,000 findings, each counted', () => {
    const control = awsEvent('control');
    const [finding] = (control['detail'] as { findings: Json[] }).findings;
    const findings = Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? (finding ?? null) : index));

    const reading = observe({ ...control, detail: { findings } });

    expect(reading.observations).toHaveLength(500);
    expect(reading.unused).toHaveLength(500);
  });
});

describe('a GuardDuty sample', () => {
  it.each([
    ['by the flag', { of: 'guardduty', set: { 'detail.service.additionalInfo': { sample: true } } }],
    ['by the JSON text', { of: 'guardduty', set: { 'detail.service.additionalInfo': { value: '{"sample":true}' } } }],
    ['as ASFF', { of: 'guardduty-asff', set: { 'finding.Sample': true } }],
    [
      'as ASFF by its product field',
      { of: 'guardduty-asff', set: { 'finding.ProductFields.aws/guardduty/service/additionalInfo/sample': 'true' } },
    ],
    ['as V2', { of: 'guardduty-v2', set: { 'finding.finding_info.tags': [{ name: 'sample', value: 'true' }] } }],
  ])('is marked %s', (_how, recipe) => {
    expect(observe(awsEvent(recipe)).observations.map((observation) => observation.sample)).toEqual([true]);
  });

  it.each(['guardduty', 'guardduty-asff', 'guardduty-v2'])('is not what %s is', (of) => {
    expect(observe(awsEvent(of)).observations.map((observation) => observation.sample)).toEqual([false]);
  });
});

describe('what a message needs', () => {
  it.each(['guardduty', 'guardduty-asff', 'guardduty-v2'])('is the same of %s', (of) => {
    const [observation] = observe(awsEvent(of)).observations;

    expect(observation).toMatchObject({
      kind: 'guardduty',
      key: 'guardduty:16afba5c5c43e07c9e3e5e2e544e95df',
      accountId: '111122223333',
      region: 'ap-northeast-1',
      type: 'UnauthorizedAccess:EC2/SSHBruteForce',
      severity: 'MEDIUM',
      count: 2,
      firstSeenAt: Date.UTC(2026, 0, 4, 11, 40),
      lastSeenAt: Date.UTC(2026, 0, 4, 12),
      actor: { ip: '198.51.100.23' },
    });
    expect(observation?.sourceUrl).toMatch(/^https:\/\/ap-northeast-1\.console\.aws\.amazon\.com\/guardduty\//);
  });

  it.each(['control', 'control-v2'])('is the same of %s', (of) => {
    const [observation] = observe(awsEvent(of)).observations;

    expect(observation).toMatchObject({
      kind: 'securityhub',
      topic: 'securityhub-control',
      key: 'control:S3.8|111122223333|ap-northeast-1|arn:aws:s3:::example-exports',
      type: 'S3.8',
      severity: 'HIGH',
      title: 'S3 general purpose buckets should block public access',
      advice: { url: 'https://docs.aws.amazon.com/console/securityhub/S3.8/remediation' },
    });
  });

  it('is the control behind the standards’ own numbers and titles', () => {
    const titles = ['control-fsbp', 'control-cis'].map((of) => observe(awsEvent(of)).observations[0]);

    expect(titles.map((observation) => observation?.type)).toEqual(['EC2.13', 'EC2.13']);
    expect(titles.map((observation) => observation?.title)).toEqual([
      'Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 22',
      'Ensure no security groups allow ingress from 0.0.0.0/0 to port 22',
    ]);
  });

  it('is no link that is not https', () => {
    const links = ['javascript:alert(1)', 'http://example.com', 'https://a.example|<b>', 'https://a.example/ b', 7].map(
      (url) =>
        observe(awsEvent({ of: 'control', set: { 'finding.Remediation.Recommendation.Url': url } })).observations[0],
    );

    expect(links.map((observation) => observation?.advice.url)).toEqual([null, null, null, null, null]);
  });

  it('is no console link to a made-up Region', () => {
    const [observation] = observe(
      awsEvent({ of: 'guardduty', set: { 'detail.region': 'evil.example/#' } }),
    ).observations;

    expect(observation?.sourceUrl).toBeNull();
  });
});
