/** Mandatory levels with their ids in OCSF; Medium Plus has none. */
export const integrityLevels: readonly { readonly sid: string; readonly caption: string; readonly id: number }[] = [
  { sid: 'S-1-16-0', caption: 'Untrusted', id: 1 },
  { sid: 'S-1-16-4096', caption: 'Low', id: 2 },
  { sid: 'S-1-16-8192', caption: 'Medium', id: 3 },
  { sid: 'S-1-16-8448', caption: 'Medium Plus', id: 99 },
  { sid: 'S-1-16-12288', caption: 'High', id: 4 },
  { sid: 'S-1-16-16384', caption: 'System', id: 5 },
  { sid: 'S-1-16-20480', caption: 'Protected', id: 6 },
];

/** Results of a logon (NTSTATUS), as the documentation of event 4625 words them. */
export const logonStatus: Readonly<Record<string, string>> = {
  '0x0': 'Success',
  '0xC000005E': 'There are currently no logon servers available to service the logon request',
  '0xC0000064': 'User logon with misspelled or bad user account',
  '0xC000006A': 'User logon with misspelled or bad password',
  '0xC000006D': 'The cause is either a bad username or authentication information',
  '0xC000006E': 'Account restriction has prevented the logon',
  '0xC000006F': 'User logon outside authorized hours',
  '0xC0000070': 'User logon from unauthorized workstation',
  '0xC0000071': 'User logon with expired password',
  '0xC0000072': 'User logon to account disabled by administrator',
  '0xC00000DC': 'The server was in the wrong state to perform the desired operation',
  '0xC0000133': 'Clocks between domain controller and other computer too far out of sync',
  '0xC000015B': 'The user has not been granted the requested logon type at this machine',
  '0xC000018C': 'The trust relationship between the primary domain and the trusted domain failed',
  '0xC0000192': 'The Netlogon service was not started',
  '0xC0000193': 'User logon with expired account',
  '0xC0000224': 'User is required to change password at next logon',
  '0xC0000225': 'A bug in Windows and not a risk',
  '0xC0000234': 'User logon with account locked',
  '0xC00002EE': 'An error occurred during logon',
  '0xC0000371': 'The local account store does not contain secret material for the specified account',
  '0xC0000388': 'A downgrade attack was detected when the server was contacted',
  '0xC0000413': 'The machine is protected by an authentication firewall that this account may not pass',
};

/** Results of Kerberos (RFC 4120, as events 4768, 4769 and 4771 have them). */
export const kerberosStatus: Readonly<Record<string, string>> = {
  '0x0': 'No error',
  '0x1': "Client's entry in the database has expired",
  '0x2': "Server's entry in the database has expired",
  '0x6': 'Client not found in the Kerberos database: bad user name or new account',
  '0x7': 'Server not found in the Kerberos database',
  '0x8': 'Multiple principal entries in the database',
  '0x9': 'The client or server has a null key',
  '0xB': 'Requested start time is later than end time',
  '0xC': 'The policy rejects the request: workstation or logon time restriction',
  '0xD': 'The domain controller cannot accommodate the requested option',
  '0xE': 'The domain controller has no support for the encryption type',
  '0x10': 'The domain controller has no support for the pre-authentication data: certificate missing',
  '0x12': "Client's credentials have been revoked: account disabled, expired or locked out",
  '0x15': 'The ticket is not yet valid for the client',
  '0x16': 'The ticket is not yet valid for the server',
  '0x17': "The user's password has expired",
  '0x18': 'Pre-authentication failed: usually a bad password',
  '0x19': 'Additional pre-authentication is required',
  '0x1B': 'The server principal is valid for user-to-user only',
  '0x1D': 'A service is not available',
  '0x1F': 'The integrity check on the decrypted field failed',
  '0x20': 'The ticket has expired',
  '0x21': 'The ticket is not yet valid',
  '0x22': 'The request is a replay',
  '0x23': 'The ticket is not for us',
  '0x24': 'Ticket and authenticator do not match',
  '0x25': 'The clock skew is too great',
  '0x29': 'The message stream was modified',
  '0x32': 'Inappropriate type of checksum',
  '0x3C': 'Generic error',
  '0x3E': 'The client is not trusted',
  '0x44': 'The user-to-user ticket is for another realm',
};

/** A code as documents write it: `0xC000006A` for `0xc000006a`; undefined where it is none. */
export function statusCode(text: string | undefined): string | undefined {
  const digits = /^0x([0-9a-f]{1,8})$/i.exec(text?.trim() ?? '')?.[1];
  if (digits === undefined) return undefined;
  const number = Number.parseInt(digits, 16);
  return number === 0 ? '0x0' : `0x${number.toString(16).toUpperCase()}`;
}

const dnsResults: Readonly<Record<string, readonly [id: number, caption: string]>> = {
  '0': [0, 'NoError'],
  // No records of the type asked for.
  '9501': [0, 'NoError'],
  '9701': [0, 'NoError'],
  '9001': [1, 'FormError'],
  '9002': [2, 'ServError'],
  '9003': [3, 'NXDomain'],
  '9004': [4, 'NotImp'],
  '9005': [5, 'Refused'],
};

/** The result of a DNS query as Windows numbers it. */
export function dnsResult(
  text: string,
): Readonly<Record<'rcode_id' | 'rcode' | 'status_code' | 'status_id', string>> | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const [id, caption] = dnsResults[text] ?? [99, text];
  return { rcode_id: String(id), rcode: caption, status_code: text, status_id: id === 0 ? '1' : '2' };
}

const levelCaptions = ['LogAlways', 'Critical', 'Error', 'Warning', 'Information', 'Verbose'];
const severities: Readonly<Record<string, string>> = { critical: '5', error: '3', warning: '2' };

/** The level in words and OCSF's severity of it. */
export function levelOf(level: string | undefined): { readonly log_level?: string; readonly severity_id: string } {
  if (level === undefined || level.length > 100) return { severity_id: '1' };
  const caption = /^\d$/.test(level) ? levelCaptions[Number(level)] : level;
  return {
    severity_id: severities[caption?.toLowerCase() ?? ''] ?? '1',
    ...(caption === undefined ? {} : { log_level: caption }),
  };
}

const successBit = 0x20000000000000n;
const failureBit = 0x10000000000000n;
const plainAudits = new Map([
  [0x8020000000000000n, '1'],
  [0x8010000000000000n, '2'],
]);

/** What the keywords of an audit say of its success: OCSF's `status_id`, and whether they say nothing else. */
export function auditStatus(
  keywords: string | undefined,
): { readonly id: string; readonly isAll: boolean } | undefined {
  if (keywords === undefined) return undefined;
  if (/^-?(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(keywords)) {
    const bits = BigInt.asUintN(64, keywords.startsWith('-') ? -BigInt(keywords.slice(1)) : BigInt(keywords));
    const plain = plainAudits.get(bits);
    if (plain !== undefined) return { id: plain, isAll: true };
    const id = (bits & failureBit) !== 0n ? '2' : (bits & successBit) !== 0n ? '1' : undefined;
    return id === undefined ? undefined : { id, isAll: false };
  }
  const id = /audit failure/i.test(keywords) ? '2' : /audit success/i.test(keywords) ? '1' : undefined;
  return id === undefined ? undefined : { id, isAll: /^audit (?:success|failure)$/i.test(keywords) };
}
