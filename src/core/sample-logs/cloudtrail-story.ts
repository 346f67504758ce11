import { accountLifecycleEvents } from '#core/sample-organization/account-lifecycle.ts';
import { MINUTE } from '#core/sample-organization/calendar.ts';
import { HOME_REGION } from '#core/sample-organization/cast-accounts.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import { type Principal, principal } from '#core/sample-organization/cast-principals.ts';
import { resourceOf } from '#core/sample-organization/cast-resources.ts';
import { type Detection, findingIdOf } from '#core/sample-organization/detection.ts';
import type { Random } from '#core/sample-organization/random.ts';
import type { Resource } from '#core/sample-organization/resource.ts';
import type { ApiCall, Beat } from '#core/sample-organization/types.ts';
import { callDetail } from './cloudtrail-call-details.ts';
import { agents, callerOf, engineerOf, roleCaller, strangerCaller } from './cloudtrail-callers.ts';
import { type Call, type Caller, recordText } from './cloudtrail-record.ts';
import { bucketResources, objectResources } from './cloudtrail-resources.ts';
import { controlCauses } from './control-causes.ts';
import { activityTimes, detectedAction } from './detected-activity.ts';
import { uuidText } from './id-text.ts';
import type { Line } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { isReading } from './resource-changes.ts';
import { openBucket, strangerRequests } from './stranger-requests.ts';

/** A record of the story with the account and Region whose file it is in. */
export type TrailLine = Line & { readonly account: string; readonly region: string };

const GLOBAL = new Set(['iam', 'organizations', 'account']);

/** The calls of the story: those of its beats, those behind findings and control failures, and strangers' reads. */
export function trailStory(world: LogWorld): TrailLine[] {
  const random = world.random('cloudtrail-story');
  return [
    ...world.story.beats.flatMap((beat) => beatLines(world, random, beat)),
    ...world.detections.flatMap((detection) => detectedLines(world, random, detection)),
    ...causeLines(world, random),
    ...strangerLines(world, random),
    ...capacityLines(world, random),
    ...lifecycleLines(world),
  ];
}

/** One record of the story; the same event can be written with an id of its own. */
export function trailLine(
  random: Random,
  caller: Caller,
  call: Call,
  at: number,
  requestId = uuidText(random),
): TrailLine {
  const text = recordText(caller, call, at, requestId, uuidText(random));
  return { at, account: caller.account, region: call.region, text };
}

function beatLines(world: LogWorld, random: Random, beat: Beat): TrailLine[] {
  if (beat.actor === null) return [];
  const who = principal(beat.actor);
  const caller = callerOf(who, { ip: remoteHost(beat.sourceHost ?? 'office-tokyo').ip, ...clientOf(who, beat) });
  const findingIds = world.detections.filter(({ archivedAt }) => isArchivedIn(beat, archivedAt)).map(findingIdOf);
  return beat.calls.map((call) => {
    const things = call.resources.map(resourceOf);
    const detail = callDetail({ call, things, after: (call.at - beat.at) / 1000, findingIds });
    return trailLine(random, caller, storyCall(call, caller, things, detail), call.at);
  });
}

function isArchivedIn(beat: Beat, archivedAt: number | undefined): boolean {
  return archivedAt !== undefined && archivedAt >= beat.at && archivedAt <= beat.until + MINUTE;
}

function clientOf(who: Principal, beat: Beat): { agent: string; isConsole: boolean } {
  if (beat.sourceHost === 'attacker') return { agent: agents.intruder, isConsole: false };
  if (beat.id.startsWith('leaked-key')) return { agent: agents.cli, isConsole: false };
  return { agent: agents.console, isConsole: who.kind !== 'iam-user' };
}

function storyCall(
  call: ApiCall,
  caller: Caller,
  things: readonly Resource[],
  detail: ReturnType<typeof callDetail>,
): Call {
  const service = call.eventSource.replace('.amazonaws.com', '');
  const bucket = service === 's3' ? things[0] : undefined;
  return {
    service,
    name: call.eventName,
    region: call.region,
    isReadOnly: isReading(call.eventName),
    request: JSON.stringify(detail.request),
    response: JSON.stringify(call.errorCode === null ? (detail.response ?? null) : null),
    ...(detail.additional === undefined ? {} : { additional: JSON.stringify(detail.additional) }),
    ...(call.errorCode === null ? {} : { error: { code: call.errorCode, message: refusal(caller, service, call) } }),
    ...(bucket === undefined
      ? {}
      : { resources: bucketResources(bucket), host: `${bucket.name}.s3.${bucket.region}.amazonaws.com` }),
    ...(call.eventName === 'ConsoleLogin' ? { type: 'AwsConsoleSignIn' } : {}),
  };
}

function refusal(caller: Caller, service: string, { eventName, errorCode }: ApiCall): string {
  if (errorCode === 'Client.UnauthorizedOperation') {
    return `You are not authorized to perform this operation. User: ${caller.arn} is not authorized to perform: ${service}:${eventName} with an explicit deny in a service control policy`;
  }
  return `User: ${caller.arn} is not authorized to perform: ${service}:${eventName} because no identity-based policy allows the ${service}:${eventName} action`;
}

/** Calls that GuardDuty counted beyond those of the beats: only reading ones are made again and again. */
function detectedLines(world: LogWorld, random: Random, detection: Detection): TrailLine[] {
  const action = detectedAction(detection);
  if (action?.kind !== 'call') return [];
  const service = action.service.replace('.amazonaws.com', '');
  const who = whoOf(detection);
  const isSignIn = action.api === 'ConsoleLogin';
  if (who === null || (!isReading(action.api) && !(isSignIn && detection.beat === null))) return [];
  const isConsole = who.kind === 'person-session';
  const agent = action.agent ?? (isConsole ? agents.console : agents.boto);
  const caller = callerOf(who, { ip: action.ip, agent, isConsole });
  const call = detectedCall(detection, service, action.api);
  const lines = activityTimes(world, detection).map((at) => trailLine(random, caller, call, at));
  if (!isSignIn) return lines;
  // The traveller signed in from Japan shortly before.
  const athome = callerOf(who, { ip: remoteHost('office-tokyo').ip, agent, isConsole });
  return [trailLine(random, athome, call, detection.firstSeen - 40 * MINUTE), ...lines];
}

function whoOf({ key, target }: Detection): Principal | null {
  if (key.startsWith('curious-')) return principal(key.slice('curious-'.length));
  return target.kind === 'access-key' ? target.principal : null;
}

function detectedCall({ target, region }: Detection, service: string, name: string): Call {
  const place = GLOBAL.has(service) ? 'us-east-1' : region;
  const plain = {
    eventName: name,
    region: place,
    eventSource: `${service}.amazonaws.com`,
    at: 0,
    resources: [],
    errorCode: null,
  };
  const { request, response, additional } = callDetail({ call: plain, things: [], after: 0, findingIds: [] });
  const base = { service, name, region: place, isReadOnly: true } as const;
  if (name === 'ListObjects' && target.kind === 'bucket') {
    const { bucket } = target;
    return {
      ...base,
      category: 'Data',
      request: JSON.stringify({ bucketName: bucket.name, Host: `s3.${region}.amazonaws.com`, prefix: '' }),
      response: 'null',
      resources: bucketResources(bucket),
    };
  }
  return {
    ...base,
    isReadOnly: name !== 'ConsoleLogin',
    request: JSON.stringify(request),
    response: JSON.stringify(response ?? null),
    ...(additional === undefined ? {} : { additional: JSON.stringify(additional) }),
    ...(name === 'ConsoleLogin' ? { type: 'AwsConsoleSignIn' } : {}),
  };
}

function causeLines(world: LogWorld, random: Random): TrailLine[] {
  return controlCauses(world).map(({ at, resource, service, name, request, isRollout }) => {
    const { account } = resource;
    const caller = isRollout
      ? roleCaller(account, 'AWSControlTowerExecution', 'AWSCloudFormation', {
          ip: '',
          agent: '',
          invokedBy: 'cloudformation.amazonaws.com',
        })
      : engineerOf(account);
    const region = GLOBAL.has(service) ? 'us-east-1' : resource.region;
    const named =
      service === 's3' && resource.type === 'AWS::S3::Bucket' ? { resources: bucketResources(resource) } : {};
    return trailLine(
      random,
      caller,
      { service, name, region, isReadOnly: false, request, response: 'null', ...named },
      at,
    );
  });
}

function strangerLines(world: LogWorld, random: Random): TrailLine[] {
  const { account, region, name, arn } = openBucket;
  const host = `${name}.s3.${region}.amazonaws.com`;
  return strangerRequests(world).map(({ at, ip, agent, requestId, key, bytes, isDenied }) => {
    const call: Call = {
      service: 's3',
      name: key === null ? 'ListObjects' : 'GetObject',
      region,
      isReadOnly: true,
      category: 'Data',
      request: JSON.stringify({ bucketName: name, Host: host, ...(key === null ? {} : { key }) }),
      response: 'null',
      additional: `{"CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"bytesTransferredOut":${isDenied ? 243 : bytes}}`,
      resources: key === null ? bucketResources(openBucket) : objectResources(openBucket, `${arn}/${key}`),
      host,
      ...(isDenied ? { error: { code: 'AccessDenied', message: 'Access Denied' } } : {}),
    };
    return trailLine(random, strangerCaller(account, { ip, agent }), call, at, requestId);
  });
}

/** Auto Scaling gets no instances while EC2 has errors; CloudTrail Insights tells of it. */
function capacityLines(world: LogWorld, random: Random): TrailLine[] {
  const group = resourceOf('alb/storefront-public');
  const caller = roleCaller(group.account, 'AWSServiceRoleForAutoScaling', 'AutoScaling', {
    ip: '',
    agent: '',
    invokedBy: 'autoscaling.amazonaws.com',
  });
  const call: Call = {
    service: 'ec2',
    name: 'RunInstances',
    region: HOME_REGION,
    isReadOnly: false,
    request:
      '{"launchTemplate":{"launchTemplateName":"storefront-web","version":"14"},"instancesSet":{"items":[{"minCount":1,"maxCount":1}]},"availabilityZone":"ap-northeast-1a"}',
    response: 'null',
    error: {
      code: 'Server.InsufficientInstanceCapacity',
      message: 'We currently do not have sufficient capacity in the Availability Zone you requested (ap-northeast-1a).',
    },
  };
  return capacityTimes(world).map((at) => trailLine(random, caller, call, at));
}

/** When Auto Scaling tried in vain. */
export function capacityTimes(world: LogWorld): number[] {
  const from = world.story.beat('ec2-issue/opened').at;
  const until = world.story.beat('ec2-issue/resolved').at;
  return Array.from({ length: 90 }, (_, index) => from + Math.floor((index * (until - from)) / 90));
}

/** The events of AWS Organizations and Control Tower, which EventBridge delivers as well. */
function lifecycleLines(world: LogWorld): TrailLine[] {
  return accountLifecycleEvents(world).map(({ time, envelope }) => ({
    at: Math.min(Date.parse(String(envelope.detail['eventTime'])), time),
    account: envelope.account,
    region: envelope.region,
    text: JSON.stringify(envelope.detail),
  }));
}
