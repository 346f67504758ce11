-- One query with its response -> DNS Activity (4003).
WITH q AS (
  SELECT *,
    CASE WHEN ends_with(queryName, '.') THEN left(queryName, len(queryName) - 1) ELSE queryName END AS host,
    -- TRY: a value of another type is no JSON.
    TRY(from_json(CASE WHEN starts_with(responses, '{') THEN '[' || responses || ']' ELSE responses END,
      '[{"Rdata": "VARCHAR", "Type": "VARCHAR", "Class": "VARCHAR"}]')) AS found,
    COALESCE(ip_key(srcaddr) IS NOT NULL AND regexp_full_match(srcaddr, '[0-9A-Fa-f:.]+'), false) AS has_address
  FROM raw
),
checked AS (
  SELECT *,
    -- OCSF 1.1.0 has no place for a name with an underscore or any other character that no host name has.
    COALESCE(regexp_full_match(host, '(([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])'), false) AS has_host,
    COALESCE(CAST(to_json(found) AS VARCHAR) = responses, responses IS NULL) AS has_answers
  FROM q
)
SELECT
  _raw,
  4003 AS class_uid,
  6 AS activity_id,
  utc_time(queriedAt) AS time_dt,
  {product: {name: 'Route 53', vendor_name: 'AWS', version: version, feature: {name: 'Resolver Query Logs'}}} AS metadata,
  {provider: 'AWS', region: awsRegion, account: CASE WHEN accountId IS NOT NULL THEN {uid: accountId} END} AS cloud,
  CASE WHEN has_host THEN {hostname: host, type: queryType, class: queryClass} END AS query,
  CASE WHEN len(found) > 0 THEN
    list_transform(
      list_filter(found, lambda a: a.Rdata IS NOT NULL),
      lambda a: {
        rdata: CASE WHEN ends_with(a.Rdata, '.') AND a.Type <> 'TXT' THEN left(a.Rdata, len(a.Rdata) - 1) ELSE a.Rdata END,
        type: a.Type,
        class: a.Class
      })
  END AS answers,
  CASE responseCode
    WHEN 'NOERROR' THEN 'NoError' WHEN 'FORMERR' THEN 'FormError' WHEN 'SERVFAIL' THEN 'ServError' WHEN 'NXDOMAIN' THEN 'NXDomain'
    WHEN 'NOTIMP' THEN 'NotImp' WHEN 'REFUSED' THEN 'Refused' WHEN 'YXDOMAIN' THEN 'YXDomain' WHEN 'YXRRSET' THEN 'YXRRSet'
    WHEN 'NXRRSET' THEN 'NXRRSet' WHEN 'NOTAUTH' THEN 'NotAuth' WHEN 'NOTZONE' THEN 'NotZone' ELSE responseCode END AS rcode,
  CASE responseCode
    WHEN 'NOERROR' THEN 0 WHEN 'FORMERR' THEN 1 WHEN 'SERVFAIL' THEN 2 WHEN 'NXDOMAIN' THEN 3
    WHEN 'NOTIMP' THEN 4 WHEN 'REFUSED' THEN 5 WHEN 'YXDOMAIN' THEN 6 WHEN 'YXRRSET' THEN 7
    WHEN 'NXRRSET' THEN 8 WHEN 'NOTAUTH' THEN 9 WHEN 'NOTZONE' THEN 10
    ELSE CASE WHEN responseCode IS NOT NULL THEN 99 END END AS rcode_id,
  {
    ip: CASE WHEN has_address THEN srcaddr END,
    name: CASE WHEN NOT has_address THEN COALESCE(srcaddr, vpcId, 'Unknown') END,
    port: try_cast(srcport AS INTEGER),
    vpc_uid: vpcId,
    instance_uid: instanceId
  } AS src_endpoint,
  CASE WHEN COALESCE(resolverEndpoint, resolverInterface) IS NOT NULL
    THEN {instance_uid: resolverEndpoint, interface_uid: resolverInterface} END AS dst_endpoint,
  CASE WHEN transport IS NOT NULL THEN {
    protocol_name: transport,
    protocol_num: CASE transport WHEN 'UDP' THEN 17 WHEN 'TCP' THEN 6 END,
    direction_id: 0
  } END AS connection_info,
  CASE WHEN ruleGroupId IS NOT NULL THEN {uid: ruleGroupId} END AS firewall_rule,
  -- Without a rule of DNS Firewall nobody judged the query.
  CASE WHEN ruleAction IN ('ALLOW', 'ALERT') THEN 1 WHEN ruleAction = 'BLOCK' THEN 2 WHEN ruleAction IS NULL THEN 0 ELSE 99 END AS action_id,
  CASE WHEN ruleAction NOT IN ('ALLOW', 'ALERT', 'BLOCK') THEN ruleAction END AS action,
  CASE ruleAction WHEN 'ALLOW' THEN 1 WHEN 'ALERT' THEN 19 WHEN 'BLOCK' THEN 2 ELSE CASE WHEN ruleAction IS NOT NULL THEN 99 END END AS disposition_id,
  CASE WHEN ruleAction NOT IN ('ALLOW', 'ALERT', 'BLOCK') THEN ruleAction END AS disposition,
  CASE WHEN NOT has_host AND host <> ''
    THEN [{name: 'query.hostname', type_id: 1, type: 'Hostname', value: host}] END AS observables,
  CASE WHEN NOT has_host OR NOT has_answers THEN
    map_from_entries(list_filter([
      {k: 'query_name', v: CASE WHEN NOT has_host THEN queryName END},
      {k: 'query_type', v: CASE WHEN NOT has_host THEN queryType END},
      {k: 'query_class', v: CASE WHEN NOT has_host THEN queryClass END},
      {k: 'answers', v: CASE WHEN NOT has_answers THEN responses END}
    ], lambda e: e.v IS NOT NULL))
  END AS unmapped,
  'ROUTE53' AS _native,
  CASE
    WHEN queriedAt IS NOT NULL AND utc_time(queriedAt) IS NULL THEN 'time.invalid: query_timestamp is no time: ' || queriedAt
    WHEN srcport IS NOT NULL AND try_cast(srcport AS USMALLINT) IS NULL THEN 'port.invalid: srcport is no port: ' || srcport
  END AS _error
FROM checked
