import { defineLogSource, jsonRecords, type ObjectSample } from '#core/lake/source/log-source.ts';
import { firstJsonRecord, hasKeys } from '#core/lake/text/first-json-record.ts';

export const source = defineLogSource({
  id: 'aws.waf',
  title: 'AWS WAF traffic logs of web ACLs',
  vendor: 'AWS',
  classes: ['http_activity'],
  native: ['WAF'],
  profiles: ['cloud', 'security_control'],
  recognise: { key: /\/WAFLogs\/|_waflogs_|aws-waf-logs-/, content: isWebAclLog },
  decode: jsonRecords(),
  fields: {
    loggedAt: 'timestamp',
    formatVersion: 'formatVersion',
    webaclId: 'webaclId',
    ruleId: 'terminatingRuleId',
    ruleType: 'terminatingRuleType',
    ruleMatches: { path: 'terminatingRuleMatchDetails', keep: true },
    ruleGroups: { path: 'ruleGroupList', keep: true },
    rateRules: { path: 'rateBasedRuleList', keep: true },
    verdict: 'action',
    sourceName: 'httpSourceName',
    sourceId: 'httpSourceId',
    codeSent: 'responseCodeSent',
    labels: 'labels',
    clientIp: 'httpRequest.clientIp',
    country: 'httpRequest.country',
    headers: 'httpRequest.headers',
    uri: 'httpRequest.uri',
    args: 'httpRequest.args',
    httpVersion: 'httpRequest.httpVersion',
    httpMethod: 'httpRequest.httpMethod',
    requestId: 'httpRequest.requestId',
    scheme: 'httpRequest.scheme',
    requestHost: { path: 'httpRequest.host', keep: true },
  },
});

function isWebAclLog(sample: ObjectSample): boolean {
  return hasKeys(firstJsonRecord(sample), ['webaclId', 'action', 'httpRequest']);
}
