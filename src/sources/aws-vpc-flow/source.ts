import { defineLogSource, delimitedText, type ObjectSample } from '#core/lake/source/log-source.ts';

/** The fields of version 2, which is the format of files without a header. */
const version2 = [
  'version',
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
];
const knownNames = new Set([...version2, 'vpc-id', 'flow-direction', 'region', 'az-id', 'tcp-flags', 'pkt-srcaddr']);

export const source = defineLogSource({
  id: 'aws.vpc-flow',
  title: 'Amazon VPC Flow Logs, versions 2 to 8, and Transit Gateway Flow Logs',
  vendor: 'AWS',
  classes: ['network_activity'],
  native: ['VPC_FLOW'],
  profiles: ['cloud', 'security_control'],
  recognise: { key: /\/vpcflowlogs\/|_vpcflowlogs_/, content: isFlowLog },
  parquetName: (column) => column.replaceAll('_', '-'),
  decode: delimitedText({ separator: ' ', missing: '-', columns: version2, isHeader: namesColumns }),
  fields: {
    version: 'version',
    accountId: 'account-id',
    interfaceId: 'interface-id',
    srcaddr: 'srcaddr',
    dstaddr: 'dstaddr',
    srcport: 'srcport',
    dstport: 'dstport',
    protocol: 'protocol',
    packets: 'packets',
    bytes: 'bytes',
    startTime: 'start',
    endTime: 'end',
    flowAction: 'action',
    logStatus: 'log-status',
    vpcId: 'vpc-id',
    subnetId: 'subnet-id',
    instanceId: 'instance-id',
    tcpFlags: 'tcp-flags',
    addressType: 'type',
    pktSrcaddr: 'pkt-srcaddr',
    pktDstaddr: 'pkt-dstaddr',
    awsRegion: 'region',
    azId: 'az-id',
    pktSrcService: 'pkt-src-aws-service',
    pktDstService: 'pkt-dst-aws-service',
    flowDirection: 'flow-direction',
    trafficPath: 'traffic-path',
    tgwId: { path: 'tgw-id', keep: true },
    tgwSrcVpc: 'tgw-src-vpc-id',
    tgwDstVpc: 'tgw-dst-vpc-id',
    tgwSrcSubnet: 'tgw-src-subnet-id',
    tgwDstSubnet: 'tgw-dst-subnet-id',
    tgwSrcInterface: 'tgw-src-eni',
    tgwDstInterface: 'tgw-dst-eni',
  },
});

function namesColumns(firstLine: string): boolean {
  return firstLine.split(' ').filter((name) => knownNames.has(name)).length >= 3;
}

/** A header that names flow fields, or a default line: version, account, interface, 14 values in all. */
function isFlowLog(sample: ObjectSample): boolean {
  if (sample.parquetColumns !== undefined)
    return ['interface_id', 'srcaddr', 'log_status'].every((name) => sample.parquetColumns?.includes(name));
  if (namesColumns(sample.firstLine)) return true;
  return /^[2-8] (?:\d{12}|unknown) (?:eni-[0-9a-f]+|-)(?: \S+){11}$/.test(sample.firstLine);
}
