import { MINUTE, SECOND } from '#core/sample-organization/calendar.ts';
import { FLOW_REGION, type FlowInterface } from './flow-interfaces.ts';

/** The fields of the company's flow logs: all of versions 2 to 5. */
export const FLOW_HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status ' +
  'vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id ' +
  'pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path';

const SYN = 2;
const SYN_FIN = 3;
const SYN_ACK_FIN = 19;
const TCP = 6;

/** Traffic between an interface of the company and somebody else, over at most a minute. */
export type Flow = {
  readonly here: FlowInterface;
  /** The other end as the interface sees it. */
  readonly peer: string;
  /** The other end of the packet, where a NAT gateway stands between. */
  readonly beyond?: string;
  readonly localPort: number;
  readonly peerPort: number;
  /** Who opened it. */
  readonly inbound: boolean;
  readonly protocol: 6 | 17;
  /** AWS's name of the service at the other end, `-` for none. */
  readonly service: string;
  readonly packets: number;
  readonly bytes: number;
  readonly at: number;
  readonly until: number;
};

/** The record of the side that opened the connection. */
export function openingLine(flow: Flow): string {
  return flowLine(flow, flow.inbound, flow.packets, flow.bytes, 'ACCEPT', flow.protocol === TCP ? SYN_FIN : 0);
}

/** The record of the side that answered. */
export function answerLine(flow: Flow, packets: number, bytes: number): string {
  return flowLine(flow, !flow.inbound, packets, bytes, 'ACCEPT', flow.protocol === TCP ? SYN_ACK_FIN : 0);
}

/** The record of a packet that a security group turned away. */
export function rejectedLine(flow: Flow): string {
  return flowLine(flow, flow.inbound, flow.packets, flow.bytes, 'REJECT', flow.protocol === TCP ? SYN : 0);
}

/** The record of an interface that had nothing to tell. */
export function noDataLine(here: FlowInterface, at: number, until: number): string {
  const place = `${here.vpcId} ${here.subnetId} ${here.instanceId} - - - - ${FLOW_REGION} ${here.zone} - - - - - -`;
  return `5 ${here.account} ${here.id} - - - - - - - ${seconds(at)} ${seconds(until)} - NODATA ${place}`;
}

function flowLine(
  flow: Flow,
  ingress: boolean,
  packets: number,
  bytes: number,
  action: 'ACCEPT' | 'REJECT',
  flags: number,
): string {
  const { here, peer, localPort, peerPort } = flow;
  const beyond = flow.beyond ?? peer;
  const ends = ingress ? `${peer} ${here.ip} ${peerPort} ${localPort}` : `${here.ip} ${peer} ${localPort} ${peerPort}`;
  const packetEnds = ingress ? `${beyond} ${here.ip}` : `${here.ip} ${beyond}`;
  const services = ingress ? `${flow.service} -` : `- ${flow.service}`;
  const way = ingress ? 'ingress -' : `egress ${pathOf(flow)}`;
  return `5 ${here.account} ${here.id} ${ends} ${flow.protocol} ${packets} ${bytes} ${seconds(flow.at)} ${seconds(flow.until)} ${action} OK ${here.vpcId} ${here.subnetId} ${here.instanceId} ${flags} IPv4 ${packetEnds} ${FLOW_REGION} ${here.zone} - - ${services} ${way}`;
}

/** 1 through the same VPC, 7 through a gateway endpoint, 8 through the internet gateway. */
function pathOf({ peer, service, here }: Flow): number {
  if (peer.startsWith('10.')) return 1;
  if (service === 'S3' || service === 'DYNAMODB') return 7;
  return here.isPublic ? 8 : 1;
}

/** The end of a flow record that begins then: the company's logs are cut every minute. */
export function flowEnd(at: number, end: number): number {
  return Math.min(at + MINUTE, end - SECOND);
}

function seconds(at: number): number {
  return Math.floor(at / 1000);
}
