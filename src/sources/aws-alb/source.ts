import { defineLogSource, type ObjectSample } from '#core/lake/source/log-source.ts';
import { lineRows } from '#core/lake/text/line-rows.ts';
import { albLineParser } from './parse-line.ts';

export const source = defineLogSource({
  id: 'aws.alb',
  title: 'Application Load Balancer: access and connection logs',
  vendor: 'AWS',
  classes: ['http_activity', 'network_activity'],
  profiles: ['cloud', 'load_balancer'],
  recognise: {
    key: /(?:^|[/._])(?<!health_check_log[._])\d{12}_elasticloadbalancing_[a-z0-9-]+_app\.|\/ELB(?:Access|Connection)LogTestFile$/,
    content: isAlbLog,
  },
  decode: lineRows((context) => albLineParser(context.key)),
  fields: {
    kind: { path: 'type', keep: true },
    endTime: 'time',
    elb: 'elb',
    clientIp: 'client_ip',
    clientPort: 'client_port',
    targetIp: 'target_ip',
    targetPort: 'target_port',
    requestTime: { path: 'request_processing_time', keep: true },
    targetTime: { path: 'target_processing_time', keep: true },
    elbStatus: 'elb_status_code',
    targetStatus: 'target_status_code',
    receivedBytes: 'received_bytes',
    sentBytes: 'sent_bytes',
    requestMethod: 'request_method',
    otherMethod: 'other_method',
    requestUrl: 'request_url',
    requestVersion: 'request_version',
    urlScheme: 'url_scheme',
    urlHost: 'url_host',
    urlPort: 'url_port',
    urlPath: 'url_path',
    urlQuery: 'url_query',
    userAgent: 'user_agent',
    sslCipher: 'ssl_cipher',
    sslProtocol: 'ssl_protocol',
    targetGroup: { path: 'target_group_arn', keep: true },
    traceId: 'trace_id',
    domainName: 'domain_name',
    creationTime: 'request_creation_time',
    errorReason: 'error_reason',
    classification: 'classification',
    classificationReason: 'classification_reason',
    connectionId: 'conn_trace_id',
    connectionTime: 'timestamp',
    listenerPort: 'listener_port',
    tlsProtocol: 'tls_protocol',
    tlsCipher: 'tls_cipher',
    handshakeTime: 'tls_handshake_latency',
    verifyStatus: 'tls_verify_status',
    keyAccount: 'key_account',
    keyRegion: 'key_region',
    keyElb: 'key_elb',
    keyNode: 'key_node_ip',
  },
});

const accessLine = /^(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT[0-9:.]{8,20}Z app\//;
const connectionLine =
  /^\d{4}-\d\d-\d\dT[0-9:.]{8,20}Z [0-9A-Fa-f.:]{2,45} \d{1,5} \d{1,5} [^ ]{1,20} [^ ]{1,80} [^ ]{1,20} "?[^ ]/;

function isAlbLog({ firstLine }: ObjectSample): boolean {
  return (
    accessLine.test(firstLine) ||
    connectionLine.test(firstLine) ||
    /^Enable (?:Access|Connection)Log for ELB/.test(firstLine)
  );
}
