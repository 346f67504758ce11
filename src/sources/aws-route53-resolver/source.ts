import { defineLogSource, jsonRecords, type ObjectSample } from '#core/lake/source/log-source.ts';
import { firstJsonRecord, hasKeys } from '#core/lake/text/first-json-record.ts';

export const source = defineLogSource({
  id: 'aws.route53-resolver',
  title: 'Amazon Route 53 VPC Resolver query logs',
  vendor: 'AWS',
  classes: ['dns_activity'],
  native: ['ROUTE53'],
  profiles: ['cloud', 'security_control'],
  recognise: { key: /\/vpcdnsquerylogs\/|_vpcdnsquerylogs_/, content: isQueryLog },
  decode: jsonRecords(),
  fields: {
    version: 'version',
    accountId: 'account_id',
    awsRegion: 'region',
    vpcId: 'vpc_id',
    queriedAt: 'query_timestamp',
    queryName: 'query_name',
    queryType: 'query_type',
    queryClass: 'query_class',
    responseCode: 'rcode',
    responses: 'answers',
    srcaddr: 'srcaddr',
    srcport: 'srcport',
    transport: 'transport',
    instanceId: 'srcids.instance',
    resolverEndpoint: 'srcids.resolver_endpoint',
    resolverInterface: 'srcids.resolver_network_interface',
    ruleAction: 'firewall_rule_action',
    ruleGroupId: 'firewall_rule_group_id',
  },
});

function isQueryLog(sample: ObjectSample): boolean {
  return hasKeys(firstJsonRecord(sample), ['query_timestamp', 'query_name', 'query_type', 'query_class', 'vpc_id']);
}
