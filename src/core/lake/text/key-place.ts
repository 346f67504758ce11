/** What an object key tells of the place where its log was written. */
export interface KeyPlace {
  readonly account?: string;
  readonly region?: string;
}

const belowLogs = /(?:^|\/)AWSLogs\/(?:o-[a-z0-9]{10,32}\/)?(\d{12})\//;
const inName = /(?:^|\/)(\d{12})_[^/]*$/;
const inPartition = /(?:^|\/)account(?:Id|_id)?=(\d{12})(?:\/|$)/;
const regionName =
  /(?:^|[/_=])([a-z]{2}(?:-(?:gov|iso[a-z]?))?-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d{1,2})(?=[/_]|$)/;

/**
 * The account and Region in a key as AWS's log delivery forms it: `AWSLogs/<account>/…/<Region>/…`, a file name that begins
 * with the account, or partitions such as `account=`.
 */
export function placeInKey(key: string): KeyPlace {
  const account = (belowLogs.exec(key) ?? inName.exec(key) ?? inPartition.exec(key))?.[1];
  const region = regionName.exec(key)?.[1];
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}
