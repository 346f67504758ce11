/** Abbreviations that PostgreSQL writes for the usual settings of `log_timezone`; RDS sets UTC. */
const offsets: Readonly<Record<string, string>> = {
  UTC: 'Z',
  GMT: 'Z',
  Z: 'Z',
  WET: 'Z',
  BST: '+01:00',
  WEST: '+01:00',
  CET: '+01:00',
  CEST: '+02:00',
  EET: '+02:00',
  EEST: '+03:00',
  MSK: '+03:00',
  IST: '+05:30',
  SGT: '+08:00',
  HKT: '+08:00',
  AWST: '+08:00',
  JST: '+09:00',
  KST: '+09:00',
  AEST: '+10:00',
  AEDT: '+11:00',
  NZST: '+12:00',
  NZDT: '+13:00',
  EST: '-05:00',
  EDT: '-04:00',
  CST: '-06:00',
  CDT: '-05:00',
  MST: '-07:00',
  MDT: '-06:00',
  PST: '-08:00',
  PDT: '-07:00',
};

/** The offset of ISO 8601 for a zone in a log line: an abbreviation, or `+09`; undefined for one that is not known. */
export function zoneOffset(zone: string): string | undefined {
  const numeric = /^([+-]\d\d)(?::?(\d\d))?$/.exec(zone);
  return numeric === null ? offsets[zone] : `${numeric[1]}:${numeric[2] ?? '00'}`;
}
