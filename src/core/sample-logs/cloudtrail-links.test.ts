import { beforeAll, describe, expect, it } from 'vitest';
import { accountIdOf } from '#core/sample-organization/cast-accounts.ts';
import { instanceNamed } from '#core/sample-organization/cast-instances.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import { principal } from '#core/sample-organization/cast-principals.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import { controlCauses } from './control-causes.ts';
import { part, second, TOLD_WORLDS, type ToldStory, toldStory } from './told-story.ts';

function mentions(value: unknown, { id, name, arn }: Resource): boolean {
  const text = JSON.stringify(value);
  return [id, name, arn].some((one) => text.includes(`${one}"`));
}

describe.each(TOLD_WORLDS)('CloudTrail of the sample organization with seed %i, up to %i', (seed, end) => {
  let told: ToldStory;

  beforeAll(() => {
    told = toldStory(seed, end);
  }, 60_000);

  it('has every call of the story, by its key and from its address, to the second', () => {
    const wanted = told.beats.flatMap(({ actor, sourceHost, calls }) => {
      if (actor === null) return [];
      const own = told.callsOf(principal(actor).accessKeyId);
      return calls.map((call) => ({
        call: call.eventName,
        found: own.some(
          ({ at, value }) =>
            at === call.at &&
            value['eventName'] === call.eventName &&
            value['awsRegion'] === call.region &&
            value['eventSource'] === call.eventSource &&
            value['sourceIPAddress'] === remoteHost(sourceHost ?? '').ip &&
            (value['errorCode'] ?? null) === call.errorCode,
        ),
      }));
    });

    expect(wanted.length).toBeGreaterThan(30);
    expect(wanted.filter(({ found }) => !found)).toEqual([]);
  });

  it('has the calls that each GuardDuty finding about an access key counts', () => {
    const about = told.findings.filter(
      (finding) =>
        part(finding, 'resource', 'resourceType') === 'AccessKey' &&
        part(finding, 'service', 'action', 'actionType') === 'AWS_API_CALL',
    );
    const missing = about.filter((finding) => {
      const api = part(finding, 'service', 'action', 'awsApiCallAction', 'api');
      const ip = part(finding, 'service', 'action', 'awsApiCallAction', 'remoteIpDetails', 'ipAddressV4');
      const key = String(part(finding, 'resource', 'accessKeyDetails', 'accessKeyId'));
      return !told.callsOf(key).some(({ value }) => value['eventName'] === api && value['sourceIPAddress'] === ip);
    });

    expect(about.length).toBeGreaterThan(8);
    expect(missing.map(({ title }) => title)).toEqual([]);
  });

  it('shows the stolen key from the intruder’s address in its nights only, and nothing of its owner afterwards', () => {
    const disabled = told.beat('leaked-key/keys-disabled').at;
    const leaked = told.beat('leaked-key/first-use').at;
    const intruder = told
      .callsOf('AKIAIOSFODNN7EXAMPLE')
      .filter(({ value }) => value['sourceIPAddress'] === '198.51.100.23');

    expect(intruder.length).toBeGreaterThan(15);
    expect(intruder.every(({ at }) => at >= leaked && at < disabled)).toBe(true);
    expect(told.callsOf('AKIAIOSFODNN7EXAMPLE').filter(({ at }) => at >= disabled)).toEqual([]);
  });

  it('names the miners in the answer of RunInstances with the addresses that the flow logs have', () => {
    const [run] = told
      .of('cloudtrail')
      .filter(
        ({ value }) =>
          value['eventName'] === 'RunInstances' &&
          value['errorCode'] === undefined &&
          value['recipientAccountId'] === '111122223333',
      );
    const items = part(run?.value, 'responseElements', 'instancesSet', 'items');

    expect([0, 1].map((index) => part(items, index, 'instanceId'))).toEqual(
      ['miner-1', 'miner-2'].map((name) => instanceNamed(name).id),
    );
    expect(part(items, 0, 'privateIpAddress')).toBe(instanceNamed('miner-1').privateIp);
  });

  it('has the call before every change of a control check, with the resource in it', () => {
    const causes = controlCauses(told.world);
    const missing = causes.filter(
      ({ at, name, resource }) =>
        !told
          .of('cloudtrail')
          .some(
            ({ at: seen, value }) =>
              seen === second(at) &&
              value['eventName'] === name &&
              value['recipientAccountId'] === resource.account &&
              (resource.type === 'AWS::::Account' || mentions(value['requestParameters'], resource)),
          ),
    );

    expect(causes.length).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });

  it('has an Insights event, network activity and data events beside management events', () => {
    const kinds = Map.groupBy(told.of('cloudtrail'), ({ value }) => String(value['eventCategory']));

    expect([...kinds.keys()].sort()).toEqual(['Data', 'Insight', 'Management', 'NetworkActivity']);
    expect(kinds.get('Insight')?.map(({ value }) => part(value, 'insightDetails', 'state'))).toEqual(['Start', 'End']);
    expect(kinds.get('NetworkActivity')?.some(({ value }) => value['errorCode'] === 'VpceAccessDenied')).toBe(true);
  });

  it('knows nothing of the new account before it was created', () => {
    const early = told
      .of('cloudtrail')
      .filter(
        ({ at, value }) =>
          value['recipientAccountId'] === accountIdOf('sandbox-hackathon') &&
          at < second(told.beat('unowned-account/created').at),
      );

    expect(early).toEqual([]);
  });

  it('gives every event an id of its own', () => {
    const ids = told.of('cloudtrail').map(({ value }) => value['eventID']);

    expect(new Set(ids).size).toBe(ids.length);
  });
});
