import { callingProcess, remote, subject, target } from './audit-values.ts';
import type { EventLayout } from './event-layout.ts';

type Kind = Pick<EventLayout, 'title' | 'activity' | 'values'> & Partial<EventLayout>;

function authentication(kind: Kind): EventLayout {
  return { class: 3002, ...kind };
}

function step(title: string, activityName: string, more: Partial<EventLayout>): EventLayout {
  return authentication({ title, activity: 99, activityName, values: {}, ...more });
}

const logon = {
  ...subject,
  ...target,
  ...callingProcess,
  ...remote,
  WorkstationName: 'src_host',
  LogonType: 'logon_type',
  AuthenticationPackageName: 'auth_protocol',
} as const;

const kerberos = {
  ...target,
  ...remote,
  ServiceName: 'service_name',
  ServiceSid: 'service_uid',
  CertIssuerName: 'cert_issuer',
  CertSerialNumber: 'cert_serial',
  CertThumbprint: 'cert_thumbprint',
} as const;

function ticket(title: string, activity: number, status?: 2): EventLayout {
  return authentication({
    title,
    activity,
    values: { ...kerberos, LogonGuid: 'session_guid' },
    statusTable: 'kerberos',
    fixed: { auth_protocol: 'Kerberos' },
    ...(status === undefined ? {} : { status }),
  });
}

const loggedOff = { ...target, TargetLogonId: 'session_uid', LogonType: 'logon_type' } as const;
const terminal = {
  AccountName: 'user_name',
  AccountDomain: 'user_domain',
  LogonID: 'session_uid',
  SessionName: 'session_terminal',
  ClientName: 'src_host',
  ClientAddress: 'src_ip',
} as const;
const atConsole = { ...target, TargetLogonId: 'session_uid' } as const;

/** Logons, logoffs, tickets and sessions. */
export const logonLayouts: Readonly<Record<string, EventLayout>> = {
  '4624': authentication({
    title: 'An account was successfully logged on.',
    activity: 1,
    status: 1,
    values: { ...logon, TargetLogonId: 'session_uid', LogonGuid: 'session_guid' },
  }),
  '4625': authentication({
    title: 'An account failed to log on.',
    activity: 1,
    status: 2,
    statusTable: 'logon',
    values: logon,
  }),
  '4634': authentication({ title: 'An account was logged off.', activity: 2, status: 1, values: loggedOff }),
  '4647': authentication({ title: 'User initiated logoff:', activity: 2, status: 1, values: loggedOff }),
  '4648': authentication({
    title: 'A logon was attempted using explicit credentials.',
    activity: 1,
    values: { ...logon, TargetLogonGuid: 'session_guid', TargetServerName: 'dst_host' },
  }),
  '4672': {
    title: 'Special privileges assigned to new logon.',
    class: 3003,
    activity: 1,
    status: 1,
    values: {
      SubjectUserSid: 'user_sid',
      SubjectUserName: 'user_name',
      SubjectDomainName: 'user_domain',
      SubjectLogonId: 'session_uid',
      PrivilegeList: 'privileges',
    },
    needs: [['privileges']],
  },
  '4768': ticket('A Kerberos authentication ticket (TGT) was requested.', 3),
  '4769': ticket('A Kerberos service ticket was requested.', 4),
  '4770': ticket('A Kerberos service ticket was renewed.', 5),
  '4771': ticket('Kerberos pre-authentication failed.', 3, 2),
  '4772': ticket('A Kerberos authentication ticket request failed.', 3, 2),
  '4773': ticket('A Kerberos service ticket request failed.', 4, 2),
  '4776': step(
    'The computer attempted to validate the credentials for an account.',
    'Credential Validation',
    validation(),
  ),
  '4777': step('The domain controller failed to validate the credentials for an account.', 'Credential Validation', {
    ...validation(),
    status: 2,
  }),
  '4778': step('A session was reconnected to a Window Station.', 'Session Reconnect', { values: terminal, status: 1 }),
  '4779': step('A session was disconnected from a Window Station.', 'Session Disconnect', {
    values: terminal,
    status: 1,
  }),
  '4800': step('The workstation was locked.', 'Workstation Lock', { values: atConsole, status: 1 }),
  '4801': step('The workstation was unlocked.', 'Workstation Unlock', { values: atConsole, status: 1 }),
};

function validation(): Partial<EventLayout> {
  return {
    values: { TargetUserName: 'user_name', Workstation: 'src_host' },
    statusTable: 'logon',
    fixed: { auth_protocol: 'NTLM' },
  };
}
