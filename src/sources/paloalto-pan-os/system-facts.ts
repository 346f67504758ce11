/** What the text of a SYSTEM log says about a sign-in. */
export interface SignIn {
  readonly user: string;
  readonly from?: string;
  readonly activity: 'logon' | 'logoff';
  readonly failed: boolean;
  readonly reason?: string;
  readonly via?: string;
}

// Each is anchored, and no part of it can match in two ways, so that no text takes long.
const patterns: readonly {
  readonly pattern: RegExp;
  readonly activity: SignIn['activity'];
  readonly failed: boolean;
}[] = [
  {
    pattern: /^User (?<user>\S{1,256}) logged in via (?<via>[^.]{1,40}?) from (?<from>\S{1,64})(?: using .{1,40})?\.?$/,
    activity: 'logon',
    failed: false,
  },
  {
    pattern: /^User (?<user>\S{1,256}) logged out via (?<via>[^.]{1,40}?) from (?<from>\S{1,64})\.?$/,
    activity: 'logoff',
    failed: false,
  },
  {
    pattern:
      /^[Ff]ailed authentication for user '(?<user>[^']{1,256})'\. {1,2}Reason: (?<reason>[^.]{0,500})\.(?:.{0,500} ?From: (?<from>[0-9A-Fa-f.:]{2,45}?)\.?)?$/,
    activity: 'logon',
    failed: true,
  },
  {
    pattern:
      /^User '(?<user>[^']{1,256})' failed authentication\. {1,2}Reason: (?<reason>[^.]{0,500}?)\.?(?: From: (?<from>[0-9A-Fa-f.:]{2,45}?)\.?)?$/,
    activity: 'logon',
    failed: true,
  },
  {
    pattern:
      /^[Aa]uthenticated for user '(?<user>[^']{1,256})'\.(?:.{0,500} ?From: (?<from>[0-9A-Fa-f.:]{2,45}?)\.?)?$/,
    activity: 'logon',
    failed: false,
  },
  {
    pattern: /^User '(?<user>[^']{1,256})' authenticated\.(?: {1,2}From: (?<from>[0-9A-Fa-f.:]{2,45}?)\.?)?$/,
    activity: 'logon',
    failed: false,
  },
];

/** Reads the sign-in of an administrator, or of a GlobalProtect user before version 9.1; undefined for other messages. */
export function signInOf(eventId: string | undefined, text: string | undefined): SignIn | undefined {
  if (text === undefined) return undefined;
  return globalProtectSignIn(eventId ?? '', text) ?? administratorSignIn(text);
}

function administratorSignIn(text: string): SignIn | undefined {
  for (const { pattern, activity, failed } of patterns) {
    const found = pattern.exec(text)?.groups;
    if (found?.['user'] === undefined) continue;
    const { user, from, reason, via } = found;
    return {
      user,
      activity,
      failed,
      ...(from === undefined ? {} : { from }),
      ...(reason === undefined ? {} : { reason }),
      ...(via === undefined ? {} : { via }),
    };
  }
  return undefined;
}

const gatewayEvent = /^globalprotect(?:gateway|portal)-(?<step>auth|logout|login)-(?<result>succ|fail)$/;

function globalProtectSignIn(eventId: string, text: string): SignIn | undefined {
  const event = gatewayEvent.exec(eventId)?.groups;
  const user = /User name: ([^,]{1,256})(?:,|\.?$)/.exec(text)?.[1];
  if (event === undefined || user === undefined) return undefined;
  const from = /Login from: ([0-9A-Fa-f.:]{2,45}),/.exec(text)?.[1];
  const reason = /Reason: ([^,]{1,200})(?:,|\.?$)/.exec(text)?.[1];
  return {
    user,
    activity: event['step'] === 'logout' ? 'logoff' : 'logon',
    failed: event['result'] === 'fail',
    via: 'GlobalProtect',
    ...(from === undefined ? {} : { from }),
    ...(reason === undefined ? {} : { reason }),
  };
}
