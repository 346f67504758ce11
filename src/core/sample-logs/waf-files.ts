import { stableUuid } from '#core/sample-organization/random.ts';
import { hexText } from './id-text.ts';
import { laneJobs } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import type { FileJob } from './sample-log-file.ts';
import { sampleLogTotals } from './sample-log-totals.ts';
import { dayPath, minuteStamp } from './time-text.ts';
import { webLane } from './web-lane.ts';
import { sites, type WebRequest } from './web-requests.ts';

const site = sites.storefront;
const ACL = 'storefront-public';
const { account, region } = site.balancer;
const ACL_ARN = `arn:aws:wafv2:${region}:${account}:regional/webacl/${ACL}/${stableUuid(`web-acl|${ACL}`)}`;
const SOURCE_ID = `${account}-app/${site.balancer.id}`;

/** Logs of the web ACL before the shop: one record for every record of its load balancer. */
export function wafFiles(world: LogWorld): FileJob[] {
  const random = world.random('waf-files');
  const lane = webLane(world, site, wafText, ({ until, lines }) => {
    const clock = new Date(until).toISOString().slice(11, 16).replace(':', '/');
    const name = `${account}_waflogs_${region}_${ACL}_${minuteStamp(until)}_${hexText(random, 8)}.log.gz`;
    return {
      key: `AWSLogs/${account}/WAFLogs/${region}/${ACL}/${dayPath(until)}/${clock}/${name}`,
      content: `${lines.join('\n')}\n`,
      gzip: true,
    };
  });
  // As many as the load balancer of the site has, at every scale.
  return laneJobs('waf', Math.round((Math.round(sampleLogTotals.alb * world.scale) * site.share) / 100), [lane]);
}

function wafText(request: WebRequest): string {
  const { blockedBy } = request;
  const terminating =
    blockedBy === null
      ? ['Default_Action', 'REGULAR']
      : blockedBy === 'rate-limit'
        ? ['rate-limit', 'RATE_BASED']
        : ['AWS-AWSManagedRules', 'MANAGED_RULE_GROUP'];
  const query = blockedBy === 'SQLi_QUERYARGUMENTS';
  const matched = query
    ? '[{"conditionType":"SQL_INJECTION","location":"ALL_QUERY_ARGS","matchedData":["1","OR","1"],"matchedFieldName":"q","sensitivityLevel":"LOW"}]'
    : '[]';
  const labels = labelOf(blockedBy);
  const group = query ? 'AWS#AWSManagedRulesSQLiRuleSet' : 'AWS#AWSManagedRulesCommonRuleSet';
  const stopped = blockedBy !== null && blockedBy !== 'rate-limit';
  const terminatingRule = stopped ? `{"ruleId":"${blockedBy}","action":"BLOCK","ruleMatchDetails":null}` : 'null';
  const rateBased =
    blockedBy === 'rate-limit'
      ? `[{"rateBasedRuleId":"rate-limit","rateBasedRuleName":"rate-limit","limitKey":"IP","maxRateAllowed":2000,"evaluationWindowSec":"300","limitValue":"${request.client}"}]`
      : '[]';
  return `{"timestamp":${request.at},"formatVersion":1,"webaclId":"${ACL_ARN}","terminatingRuleId":"${terminating[0]}","terminatingRuleType":"${terminating[1]}","action":"${blockedBy === null ? 'ALLOW' : 'BLOCK'}","terminatingRuleMatchDetails":${matched},"httpSourceName":"ALB","httpSourceId":"${SOURCE_ID}","ruleGroupList":[{"ruleGroupId":"${group}","terminatingRule":${terminatingRule},"nonTerminatingMatchingRules":[],"excludedRules":null,"customerConfig":null}],"rateBasedRuleList":${rateBased},"nonTerminatingMatchingRules":[],"requestHeadersInserted":null,"responseCodeSent":null,"httpRequest":${httpRequest(request)},"labels":${labels}}`;
}

function httpRequest(request: WebRequest): string {
  const headers: { name: string; value: string }[] = [{ name: 'host', value: site.host }];
  if (request.agent !== '') headers.push({ name: 'user-agent', value: request.agent });
  headers.push({ name: 'accept', value: '*/*' }, { name: 'x-amzn-trace-id', value: request.trace });
  return JSON.stringify({
    clientIp: request.client,
    country: request.country,
    headers,
    uri: request.path,
    args: request.query,
    httpVersion: 'HTTP/2.0',
    httpMethod: request.method,
    requestId: request.trace.slice('Root='.length),
    fragment: '',
    scheme: 'https',
    host: site.host,
  });
}

function labelOf(blockedBy: WebRequest['blockedBy']): string {
  switch (blockedBy) {
    case null:
    case 'rate-limit':
      return '[]';
    case 'SQLi_QUERYARGUMENTS':
      return '[{"name":"awswaf:managed:aws:sql-database:SQLi_QueryArguments"}]';
    case 'NoUserAgent_HEADER':
      return '[{"name":"awswaf:managed:aws:core-rule-set:NoUserAgent_Header"}]';
    case 'RestrictedExtensions_URIPATH':
      return '[{"name":"awswaf:managed:aws:core-rule-set:RestrictedExtensions_URIPath"}]';
  }
}
