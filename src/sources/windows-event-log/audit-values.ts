/** Names that many audits share for who asked for something. */
export const subject = {
  SubjectUserSid: 'actor_sid',
  SubjectUserName: 'actor_name',
  SubjectDomainName: 'actor_domain',
  SubjectLogonId: 'actor_session',
} as const;

/** For whom. */
export const target = {
  TargetUserSid: 'user_sid',
  TargetSid: 'user_sid',
  TargetUserName: 'user_name',
  TargetDomainName: 'user_domain',
} as const;

/** Through which process. */
export const callingProcess = { ProcessId: 'caller_pid', ProcessName: 'caller_path' } as const;

/** From where. */
export const remote = { IpAddress: 'src_ip', IpPort: 'src_port' } as const;
