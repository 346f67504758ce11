import { defineLogSource, type FieldSpec, type ObjectSample } from '#core/lake/source/log-source.ts';
import { lineRows } from '#core/lake/text/line-rows.ts';
import { logTypes } from './columns.ts';
import { panFields, panFieldsKept } from './fields.ts';
import { parseLine } from './parse-line.ts';

export const source = defineLogSource({
  id: 'paloalto.pan-os',
  title: 'Palo Alto Networks PAN-OS: traffic, threat, system, configuration, user and VPN logs',
  vendor: 'Palo Alto Networks',
  classes: [
    'network_activity',
    'http_activity',
    'detection_finding',
    'authentication',
    'account_change',
    'entity_management',
    'config_state',
    'base_event',
  ],
  profiles: ['host', 'security_control'],
  recognise: { key: /pan-?os|palo-?alto|panorama/i, content: isPanOs },
  decode: lineRows((context) => (line) => parseLine(line, context)),
  fields: {
    ...panFields,
    ...keptFields(),
    at: 'read.at',
    zoneOffset: 'read.offset',
    receivedAt: 'read.received',
    startedAt: 'read.started',
    certificateFrom: 'read.certificate_from',
    certificateUntil: 'read.certificate_until',
    headIp: 'read.device_ip',
    headHost: 'read.device_hostname',
    headName: 'read.device_name',
    srcCode: 'read.source_country',
    dstCode: 'read.target_country',
    userName: 'read.user_name',
    userDomain: 'read.user_domain',
    dstHostname: 'read.target_hostname',
    dstHostOther: 'read.target_name',
    dstHostIp: 'read.target_ip',
    srcHostname: 'read.source_hostname',
    srcHostOther: 'read.source_name',
    srcHostIp: 'read.source_ip',
    signInUser: 'read.sign_in.user',
    signInFrom: 'read.sign_in.from',
    signInActivity: 'read.sign_in.activity',
    signInFailed: 'read.sign_in.failed',
    signInReason: 'read.sign_in.reason',
    signInVia: 'read.sign_in.via',
    threatName: 'read.threat_name',
    threatNumber: 'read.threat_id',
    requestMethod: 'read.request_method',
    urlHost: 'read.url_host',
    urlPort: 'read.url_port',
    urlPath: 'read.url_path',
    urlQuery: 'read.url_query',
    forwarded: 'read.forwarded',
    account: 'read.account',
    others: 'others',
  },
});

function keptFields(): Readonly<Record<string, FieldSpec>> {
  return Object.fromEntries(
    Object.entries(panFieldsKept).map(([column, path]) => [column, { path, keep: true } as const]),
  );
}

const types = logTypes.join('|');
/** The first columns of a record; its fourth is a type that only PAN-OS has, after two that have their own form. */
const record = new RegExp(
  `(?:^|[\\s">])\\d{1,12},\\d{4}[/-]\\d\\d[/-]\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z?,[^,]{0,40},(?:${types}),`,
);

function isPanOs(sample: ObjectSample): boolean {
  return sample.text.split('\n', 20).some((line) => record.test(line.slice(0, 2048)));
}
