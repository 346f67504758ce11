/** What a syslog line says about itself; what it does not say is left out, never guessed. */
export type SyslogMessage = {
  /** `bare`: neither a priority nor a time was recognised, so `message` is the whole line. */
  readonly format: 'rfc5424' | 'rfc3164' | 'bare';
  /** 0 (kernel) to 23 (local7). */
  readonly facility?: number;
  /** 0 (emergency) to 7 (debug). */
  readonly severity?: number;
  /** Epoch ms. A time without a zone is read as UTC: see `zoneKnown`. */
  readonly timestamp?: number;
  /** The time as it was written, with Cisco's marks; there also when it is no possible time, or only an uptime. */
  readonly timestampText?: string;
  /** False when the sender did not say its zone: `timestamp` is then off by the sender's distance from UTC. */
  readonly zoneKnown: boolean;
  readonly hostname?: string;
  readonly appName?: string;
  readonly procId?: string;
  /** MSGID of RFC 5424, or Cisco's mnemonic such as `ASA-6-302013`. */
  readonly msgId?: string;
  /** The number Cisco writes before the time. */
  readonly sequence?: string;
  /** By SD-ID, then by name; a repeated name is kept as `name (2)`. The objects have no prototype. */
  readonly structuredData?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The end of the line, character for character. */
  readonly message: string;
};

/** When the line arrived, in epoch ms: RFC 3164 leaves the year to it. */
export type Received = { readonly at: number };
