import { isoSeconds } from '#core/sample-organization/calendar.ts';

/** Who makes a call, and from where. */
export type Caller = {
  readonly account: string;
  readonly arn: string;
  readonly ip: string;
  readonly agent: string;
  /** True when the credentials come from the console. */
  readonly isConsole: boolean;
  /** True for AWS's own calls, which name no TLS. */
  readonly isService: boolean;
  /** The `userIdentity` at that moment, as JSON text. */
  identity(at: number): string;
};

/** What is called; requests and responses are JSON text. */
export type Call = {
  /** Name of the service, such as `ec2`. */
  readonly service: string;
  readonly name: string;
  readonly region: string;
  readonly isReadOnly: boolean;
  readonly request: string;
  readonly response: string;
  readonly error?: { readonly code: string; readonly message: string };
  /** `additionalEventData`. */
  readonly additional?: string;
  readonly resources?: string;
  readonly category?: 'Management' | 'Data' | 'NetworkActivity';
  readonly type?: 'AwsApiCall' | 'AwsConsoleSignIn' | 'AwsVpceEvent';
  readonly endpointId?: string;
  /** Host name that the client used, where it is not the service's own. */
  readonly host?: string;
};

const GLOBAL_HOSTS: ReadonlySet<string> = new Set([
  'iam',
  'organizations',
  'route53',
  'cloudfront',
  'account',
  'support',
]);

/** One record of CloudTrail. */
export function recordText(caller: Caller, call: Call, at: number, requestId: string, eventId: string): string {
  const category = call.category ?? 'Management';
  const type = call.type ?? 'AwsApiCall';
  const failed =
    call.error === undefined
      ? ''
      : `"errorCode":"${call.error.code}","errorMessage":${JSON.stringify(call.error.message)},`;
  const additional = call.additional === undefined ? '' : `"additionalEventData":${call.additional},`;
  const request = type === 'AwsConsoleSignIn' ? '' : `"requestID":"${requestId}",`;
  const resources = call.resources === undefined ? '' : `"resources":${call.resources},`;
  const endpoint =
    call.endpointId === undefined
      ? ''
      : `"vpcEndpointId":"${call.endpointId}","vpcEndpointAccountId":"${caller.account}",`;
  const kind = category === 'NetworkActivity' ? '' : `"managementEvent":${category === 'Management'},`;
  const answer = category === 'NetworkActivity' ? '' : `"responseElements":${call.response},`;
  return `{"eventVersion":"${type === 'AwsConsoleSignIn' ? '1.08' : '1.11'}","userIdentity":${caller.identity(at)},"eventTime":"${isoSeconds(at)}","eventSource":"${call.service}.amazonaws.com","eventName":"${call.name}","awsRegion":"${call.region}","sourceIPAddress":"${caller.ip}","userAgent":${JSON.stringify(caller.agent)},${failed}"requestParameters":${call.request},${answer}${additional}${request}"eventID":"${eventId}","readOnly":${call.isReadOnly},${resources}"eventType":"${type}",${kind}"recipientAccountId":"${caller.account}",${endpoint}"eventCategory":"${category}"${tlsOf(caller, call)}}`;
}

function tlsOf(caller: Caller, call: Call): string {
  const console = caller.isConsole ? ',"sessionCredentialFromConsole":"true"' : '';
  if (caller.isService) return console;
  const host =
    call.host ??
    (GLOBAL_HOSTS.has(call.service) ? `${call.service}.amazonaws.com` : `${call.service}.${call.region}.amazonaws.com`);
  return `,"tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"${host}"}${console}`;
}
