import { defineLogSource } from '#core/lake/source/log-source.ts';
import { lineRows } from '#core/lake/text/line-rows.ts';
import { clbLineParser } from './parse-line.ts';

const entry =
  /^\d{4}-\d\d-\d\dT[0-9:.]{8,20}Z [A-Za-z0-9-]{1,32} [0-9A-Fa-f.:[\]]{4,50} (?:-|[0-9A-Fa-f.:[\]]{4,50}) -?[0-9.]{1,20} -?[0-9.]{1,20} -?[0-9.]{1,20} (?:-|\d{1,3}) /;

export const source = defineLogSource({
  id: 'aws.clb',
  title: 'Classic Load Balancer: access logs',
  vendor: 'AWS',
  classes: ['http_activity', 'network_activity'],
  profiles: ['cloud', 'load_balancer'],
  recognise: {
    key: /(?:^|[/._])\d{12}_elasticloadbalancing_[a-z0-9-]+_[A-Za-z0-9-]+_\d{8}T\d{4}Z_/,
    content: ({ firstLine }) => entry.test(firstLine),
  },
  decode: lineRows((context) => clbLineParser(context.key)),
  fields: {
    startTime: 'time',
    elb: 'elb',
    clientIp: 'client_ip',
    clientPort: 'client_port',
    backendIp: 'backend_ip',
    backendPort: 'backend_port',
    requestTime: { path: 'request_processing_time', keep: true },
    backendTime: { path: 'backend_processing_time', keep: true },
    elbStatus: 'elb_status_code',
    backendStatus: 'backend_status_code',
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
    keyAccount: 'key_account',
    keyRegion: 'key_region',
  },
});
