/** What an event is about; map.sql turns the word into class and activity. */
export type AuditWord =
  | 'launch'
  | 'command'
  | 'logon'
  | 'logoff'
  | 'sign-in-step'
  | 'user-created'
  | 'user-changed'
  | 'user-deleted'
  | 'user-enabled'
  | 'user-locked'
  | 'password-changed'
  | 'member-added'
  | 'member-removed'
  | 'group-created'
  | 'group-changed'
  | 'group-deleted';

const wordOfType: Readonly<Record<string, AuditWord>> = {
  USER_LOGIN: 'logon',
  USER_AUTH: 'logon',
  USER_START: 'logon',
  LOGIN: 'logon',
  USER_END: 'logoff',
  USER_LOGOUT: 'logoff',
  USER_ACCT: 'sign-in-step',
  USER_ERR: 'sign-in-step',
  CRED_ACQ: 'sign-in-step',
  CRED_DISP: 'sign-in-step',
  CRED_REFR: 'sign-in-step',
  USER_CMD: 'command',
  ADD_USER: 'user-created',
  DEL_USER: 'user-deleted',
  USER_CHAUTHTOK: 'password-changed',
  USER_MGMT: 'user-changed',
  ROLE_ASSIGN: 'user-changed',
  ROLE_REMOVE: 'user-changed',
  ACCT_LOCK: 'user-locked',
  ACCT_UNLOCK: 'user-enabled',
  RESP_ACCT_LOCK: 'user-locked',
  RESP_ACCT_LOCK_TIMED: 'user-locked',
  RESP_ACCT_UNLOCK_TIMED: 'user-enabled',
  ADD_GROUP: 'group-created',
  DEL_GROUP: 'group-deleted',
  GRP_MGMT: 'group-changed',
  GRP_CHAUTHTOK: 'group-changed',
};

/** Names of the types that the kernel's own log gives as numbers (linux/audit.h, libaudit.h). */
const nameOfNumber: Readonly<Record<string, string>> = Object.fromEntries(
  [
    [1005, 'USER'],
    [1006, 'LOGIN'],
    ...from(
      1100,
      'USER_AUTH USER_ACCT USER_MGMT CRED_ACQ CRED_DISP USER_START USER_END USER_AVC USER_CHAUTHTOK USER_ERR CRED_REFR USYS_CONFIG USER_LOGIN USER_LOGOUT ADD_USER DEL_USER ADD_GROUP DEL_GROUP DAC_CHECK CHGRP_ID TEST TRUSTED_APP USER_SELINUX_ERR USER_CMD USER_TTY CHUSER_ID GRP_AUTH SYSTEM_BOOT SYSTEM_SHUTDOWN SYSTEM_RUNLEVEL SERVICE_START SERVICE_STOP GRP_MGMT GRP_CHAUTHTOK MAC_CHECK ACCT_LOCK ACCT_UNLOCK USER_DEVICE SOFTWARE_UPDATE',
    ),
    ...from(1200, 'DAEMON_START DAEMON_END DAEMON_ABORT DAEMON_CONFIG'),
    [1300, 'SYSCALL'],
    ...from(1302, 'PATH IPC SOCKETCALL CONFIG_CHANGE SOCKADDR CWD'),
    [1309, 'EXECVE'],
    ...from(1311, 'IPC_SET_PERM MQ_OPEN MQ_SENDRECV MQ_NOTIFY MQ_GETSETATTR KERNEL_OTHER FD_PAIR OBJ_PID TTY EOE'),
    ...from(1321, 'BPRM_FCAPS CAPSET MMAP NETFILTER_PKT NETFILTER_CFG SECCOMP PROCTITLE FEATURE_CHANGE'),
    ...from(1330, 'KERN_MODULE FANOTIFY TIME_INJOFFSET TIME_ADJNTPVAL BPF EVENT_LISTENER URINGOP OPENAT2'),
    ...from(1400, 'AVC SELINUX_ERR AVC_PATH MAC_POLICY_LOAD MAC_STATUS MAC_CONFIG_CHANGE'),
  ].map(([number, name]) => [String(number), String(name)]),
);

/** System calls that start a program, by `arch` and number. */
const execCalls: Readonly<Record<string, readonly string[]>> = {
  c000003e: ['59', '322'],
  '40000003': ['11', '358'],
  c00000b7: ['221', '281'],
  '40000028': ['11', '387'],
  c0000015: ['11', '362'],
  '80000016': ['11', '354'],
  c00000f3: ['221', '281'],
};

/** The name of a type, also where it is written as a number. */
export function typeName(type: string): string {
  return (Object.hasOwn(nameOfNumber, type) ? nameOfNumber[type] : undefined) ?? type;
}

/** What a user space record is about, from its type and what it calls its operation; undefined for other types. */
export function wordOf(type: string, operation: string, hasGroup: boolean): AuditWord | undefined {
  const word = Object.hasOwn(wordOfType, type) ? wordOfType[type] : undefined;
  if (word !== 'password-changed' && word !== 'user-changed') return word;
  // The tools for accounts share a few types and tell them apart by the operation.
  const op = operation.toLowerCase();
  if (hasGroup && /\bto[ -](?:shadow[ -])?group/.test(op)) return 'member-added';
  if (hasGroup && /\bfrom[ -](?:shadow[ -])?group/.test(op)) return 'member-removed';
  if (op.includes('unlock')) return 'user-enabled';
  if (op.includes('lock')) return 'user-locked';
  if (op === '' || op.includes('chauthtok') || op.includes('password')) return word;
  return 'user-changed';
}

/** True where a system call starts a program. */
export function isExec(name: string | undefined, arch: string | undefined, number: string | undefined): boolean {
  if (name === 'execve' || name === 'execveat') return true;
  const calls = arch !== undefined && Object.hasOwn(execCalls, arch) ? execCalls[arch] : undefined;
  return name === undefined && number !== undefined && (calls ?? []).includes(number);
}

function from(first: number, names: string): readonly (readonly [number, string])[] {
  return names.split(' ').map((name, index) => [first + index, name] as const);
}
