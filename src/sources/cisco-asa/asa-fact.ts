import { hostColumns } from '#core/lake/text/host-columns.ts';
import { isPort } from '#core/lake/text/ip-address.ts';
import { userColumns } from '#core/lake/text/user-name.ts';

/** What a message is about; map.sql turns it into the class. */
export type Topic = 'flow' | 'http' | 'sign-in' | 'account' | 'config' | 'finding';

/** One end of a connection, or a host. */
export interface End {
  readonly ip?: string;
  readonly hostname?: string;
  readonly name?: string;
  readonly port?: string;
  /** A service's name where a port's number is expected. */
  readonly service?: string;
  readonly interface?: string;
  /** The address that the firewall translates it to or from. */
  readonly mapped?: string;
  readonly user?: string;
  readonly domain?: string;
  /** The security group, as the message writes it. */
  readonly group?: string;
}

/** What a message was understood to say. The message itself is always kept whole, so that nothing hangs on this. */
export interface AsaFact {
  readonly topic: Topic;
  /** The activity's name in OCSF, in lower case; any other text is the activity's own name. */
  readonly activity: string;
  readonly failed?: boolean;
  readonly denied?: boolean;
  readonly src?: End;
  readonly dst?: End;
  readonly protocol?: string;
  readonly direction?: 'inbound' | 'outbound';
  readonly connection?: string;
  readonly bytes?: string;
  readonly bytesIn?: string;
  readonly bytesOut?: string;
  readonly packetsIn?: string;
  readonly packetsOut?: string;
  /** Whole seconds. */
  readonly seconds?: number;
  readonly rule?: string;
  readonly count?: string;
  readonly reason?: string;
  readonly user?: string;
  readonly domain?: string;
  readonly group?: string;
  readonly service?: string;
  readonly admin?: boolean;
  readonly command?: string;
  readonly account?: string;
  readonly title?: string;
  readonly category?: string;
  readonly level?: string;
  readonly signature?: string;
  readonly url?: string;
  readonly file?: string;
  readonly hash?: string;
  readonly app?: string;
  /** An ISO time of the start, where the message says it. */
  readonly started?: string;
}

/** A pattern with what its groups mean. */
export interface FactPattern {
  readonly pattern: RegExp;
  readonly fact: (found: Groups) => AsaFact | undefined;
}
export type Groups = Readonly<Record<string, string | undefined>>;

/** The fact of the first pattern that fits the text. */
export function firstFact(patterns: readonly FactPattern[], text: string): AsaFact | undefined {
  for (const { pattern, fact } of patterns) {
    const groups = pattern.exec(text)?.groups;
    const found = groups === undefined ? undefined : fact(groups);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Sources of an end with up to two notes in brackets behind it: a translated address, a user, a security group. */
export function endPattern(name: string): string {
  return `(?<${name}>[^\\s()]{1,400})(?: ?\\((?<${name}Note>[^()]{0,400})\\))?(?: ?\\((?<${name}Note2>[^()]{0,400})\\))?`;
}

/** The end that `endPattern` found: `interface:host/port`, or without an interface. */
export function endOf(found: Groups, name: string, form: 'with interface' | 'without interface'): End {
  const text = found[name] ?? '';
  const border = form === 'with interface' ? text.indexOf(':') : -1;
  const notes = [found[`${name}Note`], found[`${name}Note2`]].filter((note) => note !== undefined);
  return {
    ...(border > 0 ? { interface: text.slice(0, border) } : {}),
    ...hostAndPort(text.slice(border + 1)),
    ...Object.assign({}, ...notes.map(noteOf)),
  };
}

/** `host/port`, `host/service` or `host`. */
export function hostAndPort(text: string): End {
  const slash = text.lastIndexOf('/');
  const port = slash < 0 ? '' : text.slice(slash + 1);
  return {
    ...host(slash < 0 ? text : text.slice(0, slash)),
    ...(isPort(port) ? { port } : port === '' ? {} : { service: port }),
  };
}

/** A host by its address or name. */
export function host(text: string): End {
  const { ip, hostname, name } = hostColumns(text);
  return {
    ...(ip === null ? {} : { ip }),
    ...(hostname === null ? {} : { hostname }),
    ...(name === null ? {} : { name }),
  };
}

/** A user, with the domain before a backslash taken off. */
export function user(text: string | undefined): { readonly user?: string; readonly domain?: string } {
  const { user_name, user_domain } = userColumns(text?.trim());
  return {
    ...(user_name === null ? {} : { user: user_name }),
    ...(user_domain === null ? {} : { domain: user_domain }),
  };
}

const securityGroup = /^\d{1,10}(?::.{0,200})?$/;

function noteOf(note: string): End {
  const mapped = hostAndPort(note.trim());
  if (mapped.ip !== undefined) return { mapped: mapped.ip };
  const parts = note.split(', ', 3);
  const group = parts.find((part) => securityGroup.test(part));
  const person = parts.find((part) => part.includes('\\'));
  // A name alone in brackets may be a host's; only one with a domain is surely a user's.
  return { ...(person === undefined ? {} : user(person)), ...(group === undefined ? {} : { group }) };
}

/** Seconds of `1:02:03`, `92:24:20` or `0h:32m:16s`. */
export function secondsOf(text: string | undefined): number | undefined {
  const found = /^(?:(\d{1,6})d ?)?(\d{1,6})h?:(\d{1,2})m?:(\d{1,2})s?$/.exec(text ?? '');
  if (found === null) return undefined;
  const [days = 0, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0));
  return days * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}

/** A fact without the keys whose value is missing. */
export function present(
  fact: { readonly [K in keyof AsaFact]: AsaFact[K] | undefined } & Pick<AsaFact, 'topic' | 'activity'>,
): AsaFact {
  const known = Object.entries(fact).filter(([, value]) => value !== undefined && value !== '');
  return { topic: fact.topic, activity: fact.activity, ...Object.fromEntries(known) };
}
