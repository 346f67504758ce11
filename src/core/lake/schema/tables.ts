import type { Fields } from '#core/lake/schema/column-type.ts';
import { baseColumns, type ClassName, type OcsfClass, ocsfClasses } from '#core/lake/schema/ocsf-classes.ts';
import type { NativeTable } from '#core/lake/source/log-source.ts';

/** Columns of our own beside OCSF's; they never leave the lake through `normalize` or the Security Lake export. */
export const extraColumns: Fields = {
  /** Uri of the object that the record came from, and the record's number in it. */
  _object: 'string',
  _record: 'long',
  /** The endpoints' addresses in a form that sorts: 32 hexadecimal digits, IPv4 as ::ffff:a.b.c.d. */
  _src_ip: 'string',
  _dst_ip: 'string',
  /** Request and response texts that OCSF's limit of 65,535 characters would cut. */
  _request_data: 'string',
  _response_data: 'string',
};

/** A folder of the lake: one table of Security Lake's, or one class of another source. */
export interface LakeTable {
  /** `CLOUD_TRAIL_MGMT`, or `<source>-<class>`. */
  readonly name: string;
  /** Path below the lake's root, without a slash at its end. */
  readonly folder: string;
  readonly classes: readonly OcsfClass[];
  readonly columns: Fields;
}

const nativeClasses: Readonly<Record<NativeTable, readonly ClassName[]>> = {
  CLOUD_TRAIL_MGMT: ['api_activity', 'authentication', 'account_change'],
  LAMBDA_EXECUTION: ['api_activity'],
  S3_DATA: ['api_activity'],
  VPC_FLOW: ['network_activity'],
  ROUTE53: ['dns_activity'],
  SH_FINDINGS: ['vulnerability_finding', 'compliance_finding', 'detection_finding'],
  EKS_AUDIT: ['api_activity'],
  WAF: ['http_activity'],
};

/** The table of a native source, in Security Lake's path. */
export function nativeTable(name: NativeTable): LakeTable {
  const classes = nativeClasses[name].map((found) => ocsfClasses[found]);
  return { name, folder: `aws/${name}/2.0`, classes, columns: columnsOf(classes) };
}

/** The table of one class of a source that Security Lake does not collect itself. */
export function extTable(sourceId: string, className: ClassName): LakeTable {
  const found = ocsfClasses[className];
  const name = `${sourceId.replaceAll('.', '-')}-${className}`;
  return { name, folder: `ext/${name}`, classes: [found], columns: columnsOf([found]) };
}

/** True for the name of a native table. */
export function isNativeTable(name: string): name is NativeTable {
  return name in nativeClasses;
}

/** The physical columns of a table that holds these classes. */
export function columnsOf(classes: readonly OcsfClass[]): Fields {
  return Object.assign({}, baseColumns, ...classes.map((found) => found.columns), extraColumns) as Fields; // a spread over a list loses the type
}
