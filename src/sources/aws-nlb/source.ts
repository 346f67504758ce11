import { defineLogSource } from '#core/lake/source/log-source.ts';
import { lineRows } from '#core/lake/text/line-rows.ts';
import { nlbLineParser } from './parse-line.ts';

export const source = defineLogSource({
  id: 'aws.nlb',
  title: 'Network Load Balancer: TLS access logs',
  vendor: 'AWS',
  classes: ['network_activity'],
  profiles: ['cloud', 'load_balancer'],
  recognise: {
    key: /(?:^|[/._])\d{12}_elasticloadbalancing_[a-z0-9-]+_net\./,
    content: ({ firstLine }) => /^tls [0-9.]{1,8} \d{4}-\d\d-\d\dT[0-9:.]{8,20}Z? net\//.test(firstLine),
  },
  decode: lineRows((context) => nlbLineParser(context.key)),
  fields: {
    endTime: 'time',
    elb: 'elb',
    version: 'version',
    clientIp: 'client_ip',
    clientPort: 'client_port',
    destinationIp: 'destination_ip',
    destinationPort: 'destination_port',
    connectionTime: 'connection_time',
    handshakeTime: 'tls_handshake_time',
    receivedBytes: 'received_bytes',
    sentBytes: 'sent_bytes',
    tlsAlert: 'incoming_tls_alert',
    certificateArn: { path: 'chosen_cert_arn', keep: true },
    tlsCipher: 'tls_cipher',
    tlsVersion: 'tls_protocol_version',
    domainName: 'domain_name',
    creationTime: 'tls_connection_creation_time',
    keyAccount: 'key_account',
    keyRegion: 'key_region',
  },
});
