import { isHostname } from './http-request.ts';
import { addressAndPort, isIpAddress } from './ip-address.ts';

/** A host as a log names it, in the one column that OCSF lets it be in. */
export interface HostColumns {
  readonly ip: string | null;
  readonly hostname: string | null;
  /** A name that is no host name to OCSF, such as one with an underscore. */
  readonly name: string | null;
}

const nobody: HostColumns = { ip: null, hostname: null, name: null };

/** OCSF's limit; an address with a long zone is longer. */
const longestAddress = 40;

/** The columns of an address, at will with a zone, or of a name, whose last dot is left out. */
export function hostColumns(text: string | undefined): HostColumns {
  if (text === undefined || text === '') return nobody;
  const zone = text.indexOf('%');
  const address = zone < 0 ? text : text.slice(0, zone);
  if (isIpAddress(address)) return { ...nobody, ip: text.length > longestAddress ? address : text };
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  return isHostname(name) ? { ...nobody, hostname: name } : { ...nobody, name: text };
}

/** The address of a sender that the syslog listener wrote down as `address:port`. */
export function senderAddress(from: string | undefined): string | undefined {
  return from === undefined ? undefined : addressAndPort(from)?.ip;
}
