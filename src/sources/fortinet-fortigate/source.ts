import { defineLogSource, type FieldSpec, type ObjectSample } from '#core/lake/source/log-source.ts';
import { lineRows } from '#core/lake/text/line-rows.ts';
import { fortiFields, fortiFieldsKept } from './fields.ts';
import { parseLine } from './parse-line.ts';

export const source = defineLogSource({
  id: 'fortinet.fortigate',
  title: 'Fortinet FortiGate: traffic, event and security profile logs',
  vendor: 'Fortinet',
  classes: [
    'network_activity',
    'http_activity',
    'dns_activity',
    'detection_finding',
    'authentication',
    'account_change',
    'entity_management',
    'base_event',
  ],
  profiles: ['host', 'security_control'],
  recognise: { key: /forti(?:gate|os|net)/i, content: isFortiGate },
  decode: lineRows((context) => (line) => parseLine(line, context)),
  fields: {
    ...fortiFields,
    ...keptFields(),
    at: 'read.at',
    zoneOffset: 'read.offset',
    deviceIp: 'read.device_ip',
    deviceHost: 'read.device_hostname',
    deviceName: 'read.device_name',
    productVersion: 'read.version',
    srcCode: 'read.srccountry',
    dstCode: 'read.dstcountry',
    userName: 'read.user_name',
    userDomain: 'read.user_domain',
    uiip: 'read.uiip',
    answers: 'read.answers',
    urlPath: 'read.url_path',
    urlQuery: 'read.url_query',
    urlHost: 'read.url_host',
    urlScheme: 'read.url_scheme',
    urlPort: 'read.url_port',
    requestMethod: 'read.request_method',
    others: 'others',
  },
});

function keptFields(): Readonly<Record<string, FieldSpec>> {
  return Object.fromEntries(
    Object.entries(fortiFieldsKept).map(([column, path]) => [column, { path, keep: true } as const]),
  );
}

/** FortiOS's number and type of a log, in one of its formats, also inside the JSON of the syslog spool; or its CEF header. */
function isFortiGate(sample: ObjectSample): boolean {
  return sample.text.split('\n', 20).some(isFortiGateLine);
}

function isFortiGateLine(line: string): boolean {
  const text = line.slice(0, 8192);
  if (/CEF: ?\d\|Fortinet\|Forti(?:gate|OS|WiFi)/i.test(text)) return true;
  return (
    /(?:^|[\s,;{["])logid\\?"?[=:]\\?"?\d{9,10}\b/.test(text) &&
    /(?:^|[\s,;{["])type\\?"?[=:]\\?"?(?:traffic|event|utm|anomaly|virus|ips|webfilter|app-ctrl|emailfilter|dlp|dns|voip)\b/.test(
      text,
    )
  );
}
