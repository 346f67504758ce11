import { HOUR, isoSeconds } from '#core/sample-organization/calendar.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import { type Principal, principal, principals } from '#core/sample-organization/cast-principals.ts';
import { stableHex, stableIndex } from '#core/sample-organization/random.ts';
import type { Caller } from './cloudtrail-record.ts';
import { natAddressOf } from './flow-interfaces.ts';
import { sessionArnOf, sessionNameOf } from './session.ts';

/** Sessions of roles are renewed this often. */
const SESSION = 6 * HOUR;

export const agents = {
  console:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  cli: 'aws-cli/2.19.5 md/awscrt#0.22.0 ua/2.0 os/macos#24.1.0 md/arch#arm64 lang/python#3.12.6 cfg/retry-mode#standard',
  /** As the findings about the stolen key have it. */
  intruder: 'Boto3/1.34.0 Python/3.11',
  terraform:
    'APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.76.0 aws-sdk-go-v2/1.32.4',
  boto: 'Boto3/1.35.60 md/Botocore#1.35.60 ua/2.0 os/linux#6.1.112 lang/python#3.12.6',
  lambda: 'aws-sdk-js/3.693.0 ua/2.1 os/linux#5.10.227 lang/js md/nodejs#22.11.0 exec-env/AWS_Lambda_nodejs22.x',
} as const;

type Place = { readonly ip: string; readonly agent: string; readonly isConsole?: boolean };

/** A principal of the cast as a caller. */
export function callerOf(who: Principal, { ip, agent, isConsole = false }: Place): Caller {
  const arn = sessionArnOf(who);
  const base = { account: who.account, arn, ip, agent, isConsole, isService: false };
  switch (who.kind) {
    case 'iam-user': {
      const identity = `{"type":"IAMUser","principalId":"${who.principalId}","arn":"${who.arn}","accountId":"${who.account}","accessKeyId":"${who.accessKeyId}","userName":"${who.name}"}`;
      return { ...base, identity: () => identity };
    }
    case 'root': {
      const head = `{"type":"Root","principalId":"${who.account}","arn":"${who.arn}","accountId":"${who.account}","accessKeyId":"${who.accessKeyId}","sessionContext":{"attributes":{"creationDate":"`;
      return { ...base, identity: (at) => `${head}${sessionStart(arn, at)}","mfaAuthenticated":"true"}}}` };
    }
    case 'person-session':
    case 'service-role': {
      const [roleId = ''] = who.principalId.split(':');
      const role = { account: who.account, name: who.name, arn: who.arn, id: roleId, accessKeyId: who.accessKeyId };
      const delivery = who.kind === 'service-role' ? ',"ec2RoleDelivery":"2.0"' : '';
      return { ...base, identity: roleIdentity(role, sessionNameOf(who), delivery) };
    }
  }
}

/** A role that is no principal of the cast, such as that of a pipeline or a function. */
export function roleCaller(
  account: string,
  name: string,
  session: string,
  place: Place & { readonly invokedBy?: string },
): Caller {
  const path = name.startsWith('AWSServiceRoleFor') ? `aws-service-role/${place.invokedBy ?? ''}/` : '';
  const role = {
    account,
    name,
    arn: `arn:aws:iam::${account}:role/${path}${name}`,
    ...keysOfRole(account, name),
  };
  const isService = place.invokedBy !== undefined;
  const invoked = isService ? `,"invokedBy":"${place.invokedBy}"` : '';
  return {
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
    ip: place.invokedBy ?? place.ip,
    agent: place.invokedBy ?? place.agent,
    isConsole: false,
    isService,
    identity: roleIdentity(role, session, '', invoked),
  };
}

/** The unique id of a role and the access key of its sessions, which the answer of AssumeRole names. */
export function keysOfRole(account: string, name: string): { readonly id: string; readonly accessKeyId: string } {
  const known = principals.find((who) => who.kind === 'service-role' && who.account === account && who.name === name);
  return {
    id: known?.principalId ?? `AROA${stableHex(`unique-id|${account}|${name}`, 10).toUpperCase()}EXAMPLE`,
    accessKeyId: known?.accessKeyId ?? `ASIA${stableHex(`key|${account}|${name}`, 9).toUpperCase()}EXAMPLE`,
  };
}

/** An AWS service that calls in its own name. */
export function serviceCaller(account: string, service: string): Caller {
  const host = `${service}.amazonaws.com`;
  const identity = `{"type":"AWSService","invokedBy":"${host}"}`;
  return { account, arn: host, ip: host, agent: host, isConsole: false, isService: true, identity: () => identity };
}

/** Somebody who has not signed in. */
export function strangerCaller(account: string, place: Place): Caller {
  const identity = '{"type":"AWSAccount","principalId":"","accountId":"anonymous"}';
  return { ...place, account, arn: 'anonymous', isConsole: false, isService: false, identity: () => identity };
}

/** What the recorder of AWS Config calls in an account, all day long. */
export function recorderOf(account: string): Caller {
  return roleCaller(account, 'AWSServiceRoleForConfig', 'AWSConfig-Describe', {
    ip: '',
    agent: '',
    invokedBy: 'config.amazonaws.com',
  });
}

/** The pipeline that owns the infrastructure of every account. */
export function pipelineOf(account: string): Caller {
  return roleCaller(account, 'TerraformDeploy', 'gitlab-pipeline', {
    ip: remoteHost('office-tokyo').ip,
    agent: agents.terraform,
  });
}

/** A person of the account at the desk, or the account's pipeline where nobody has a role. */
export function engineerOf(account: string): Caller {
  const person = principals.find((who) => who.kind === 'person-session' && who.account === account);
  return person === undefined ? pipelineOf(account) : deskOf(person);
}

/** A person of the cast who works in the console from the office. */
export function deskOf(person: Principal): Caller {
  const office = person.person === 'tanaka-kenji' ? 'office-osaka' : 'office-tokyo';
  return callerOf(person, { ip: remoteHost(office).ip, agent: agents.console, isConsole: true });
}

/** The role of an instance of the cast, which reaches AWS through the network's NAT gateway. */
export function instanceCaller(name: string): Caller {
  const role = principal(name);
  return callerOf(role, { ip: natAddressOf(role.account), agent: agents.boto });
}

type Role = {
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly accessKeyId: string;
};

function roleIdentity(role: Role, session: string, delivery: string, invoked = ''): (at: number) => string {
  const arn = `arn:aws:sts::${role.account}:assumed-role/${role.name}/${session}`;
  const head = `{"type":"AssumedRole","principalId":"${role.id}:${session}","arn":"${arn}","accountId":"${role.account}","accessKeyId":"${role.accessKeyId}","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${role.id}","arn":"${role.arn}","accountId":"${role.account}","userName":"${role.name}"},"attributes":{"creationDate":"`;
  const tail = `","mfaAuthenticated":"false"}${delivery}}${invoked}}`;
  return (at) => `${head}${sessionStart(arn, at)}${tail}`;
}

function sessionStart(arn: string, at: number): string {
  const offset = offsetOf(arn);
  return isoSeconds(Math.floor((at - offset) / SESSION) * SESSION + offset);
}

const offsets = new Map<string, number>();

function offsetOf(arn: string): number {
  const known = offsets.get(arn) ?? stableIndex(`session|${arn}`, SESSION / 1000) * 1000;
  offsets.set(arn, known);
  return known;
}
