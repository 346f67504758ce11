-- One inspected request -> HTTP Activity (4002).
WITH parsed AS (
  -- TRY: a value of another type is no JSON.
  SELECT *,
    TRY(from_json(headers, '[{"name": "VARCHAR", "value": "VARCHAR"}]')) AS head,
    TRY(from_json(labels, '[{"name": "VARCHAR"}]')) AS label,
    TRY(from_json(ruleMatches, '[{"conditionType": "VARCHAR", "sensitivityLevel": "VARCHAR", "location": "VARCHAR", "matchedData": ["VARCHAR"]}]'))[1] AS matched,
    TRY(from_json(rateRules, '[{"maxRateAllowed": "VARCHAR"}]'))[1].maxRateAllowed AS max_rate,
    TRY(json_extract_string(ruleGroups, '$[*].terminatingRule.ruleId'))[1] AS inner_rule
  FROM raw
),
told AS (
  SELECT *,
    list_filter(head, lambda h: lower(h.name) = 'user-agent')[1].value AS agent,
    list_filter(head, lambda h: lower(h.name) = 'referer')[1].value AS referer,
    list_filter(head, lambda h: lower(h.name) = 'x-forwarded-for')[1].value AS forwarded,
    list_filter(head, lambda h: lower(h.name) = 'x-forwarded-port')[1].value AS forwarded_port,
    COALESCE(list_filter(head, lambda h: lower(h.name) = 'host')[1].value, requestHost) AS authority,
    CAST(to_json(head) AS VARCHAR) IS DISTINCT FROM headers AS has_more_headers,
    CAST(to_json(label) AS VARCHAR) IS DISTINCT FROM labels AS has_more_labels,
    COALESCE(httpMethod IN ('CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'TRACE'), false) AS has_method,
    COALESCE(verdict IN ('ALLOW', 'COUNT', 'EXCLUDED_AS_COUNT', 'BLOCK', 'CAPTCHA', 'CHALLENGE'), false) AS has_verdict,
    COALESCE(make_timestamp_ms(try_cast(loggedAt AS BIGINT)), utc_time(loggedAt)) AS logged,
    COALESCE(ip_key(clientIp) IS NOT NULL AND regexp_full_match(clientIp, '[0-9A-Fa-f:.]+'), false) AS has_address
  FROM parsed
)
SELECT
  _raw,
  4002 AS class_uid,
  CASE httpMethod
    WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3 WHEN 'HEAD' THEN 4 WHEN 'OPTIONS' THEN 5
    WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8 ELSE CASE WHEN httpMethod IS NULL THEN 0 ELSE 99 END END AS activity_id,
  CASE WHEN NOT has_method THEN httpMethod END AS activity_name,
  logged AS time_dt,
  -- CAPTCHA and CHALLENGE end the request only where its token is missing or bad: it did not pass.
  CASE WHEN verdict IN ('ALLOW', 'COUNT', 'EXCLUDED_AS_COUNT') THEN 1 WHEN verdict IN ('BLOCK', 'CAPTCHA', 'CHALLENGE') THEN 2 WHEN verdict IS NULL THEN 0 ELSE 99 END AS action_id,
  CASE WHEN NOT has_verdict THEN verdict END AS action,
  CASE verdict WHEN 'ALLOW' THEN 1 WHEN 'BLOCK' THEN 2 WHEN 'COUNT' THEN 20 WHEN 'EXCLUDED_AS_COUNT' THEN 20 WHEN 'CAPTCHA' THEN 22 WHEN 'CHALLENGE' THEN 23
    ELSE CASE WHEN verdict IS NOT NULL THEN 99 END END AS disposition_id,
  CASE WHEN NOT has_verdict THEN verdict END AS disposition,
  codeSent AS status_code,
  {
    product: {name: 'AWS WAF', vendor_name: 'AWS', version: formatVersion, feature: CASE WHEN webaclId IS NOT NULL THEN {uid: webaclId} END},
    labels: CASE WHEN len(label) > 0 THEN list_filter(list_transform(label, lambda l: l.name), lambda n: n IS NOT NULL) END
  } AS metadata,
  {
    provider: 'AWS',
    -- The Region in the name of a global web ACL is where CloudFront keeps it, not where the request was.
    region: NULLIF(regexp_extract(webaclId, '^arn:aws[a-z-]*:wafv2:([a-z0-9-]+):[^:]*:regional/', 1), ''),
    account: CASE
      WHEN regexp_matches(webaclId, '^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:') THEN {uid: split_part(webaclId, ':', 5)}
      -- The id of a web ACL of AWS WAF Classic names no account; the resource behind it may.
      WHEN regexp_matches(sourceId, '(^|:)[0-9]{12}[:-]') THEN {uid: regexp_extract(sourceId, '(^|:)([0-9]{12})[:-]', 2)}
    END
  } AS cloud,
  {
    ip: CASE WHEN has_address THEN clientIp END,
    name: CASE WHEN NOT has_address THEN COALESCE(clientIp, 'Unknown') END,
    svc_name: NULLIF(sourceName, '-'),
    uid: NULLIF(sourceId, '-'),
    location: CASE WHEN country <> '-' THEN {country: country} END
  } AS src_endpoint,
  {
    svc_name: COALESCE(NULLIF(sourceName, '-'), CASE WHEN COALESCE(sourceId, '-') = '-' THEN 'Unknown' END),
    uid: NULLIF(sourceId, '-')
  } AS dst_endpoint,
  {
    uid: requestId,
    -- OCSF 1.1.0 knows these eight; any other is the activity's name.
    http_method: CASE WHEN has_method THEN httpMethod END,
    version: httpVersion,
    user_agent: agent,
    referrer: referer,
    args: args,
    url: {
      hostname: NULLIF(regexp_extract(authority, '^((([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]))(:[0-9]{1,5})?$', 1), ''),
      port: CAST(try_cast(COALESCE(NULLIF(regexp_extract(authority, ':([0-9]{1,5})$', 1), ''), forwarded_port) AS USMALLINT) AS INTEGER),
      path: COALESCE(uri, ''),
      scheme: scheme
    },
    http_headers: CASE WHEN len(head) > 0 THEN list_filter(head, lambda h: h.name IS NOT NULL AND h.value IS NOT NULL) END,
    x_forwarded_for: CASE WHEN forwarded IS NOT NULL THEN
      list_filter(list_transform(string_split(forwarded, ','), lambda a: trim(a)),
        -- Anybody can write this header.
        lambda a: regexp_full_match(a, '((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])')
          OR (len(string_split(a, ':')) <= 8
            AND regexp_full_match(a, '([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(([0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4})?::(([0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4})?')))
    END
  } AS http_request,
  -- A record has the code only of a custom response; OCSF wants a number.
  {code: COALESCE(try_cast(codeSent AS INTEGER), 0), status: CASE WHEN codeSent IS NULL THEN 'Unknown' END} AS http_response,
  CASE WHEN ruleId IS NOT NULL THEN {
    uid: ruleId,
    name: inner_rule,
    type: ruleType,
    condition: matched.conditionType,
    match_location: matched.location,
    sensitivity: matched.sensitivityLevel,
    match_details: CASE WHEN len(matched.matchedData) > 0 THEN matched.matchedData END,
    rate_limit: CASE WHEN ruleType = 'RATE_BASED' THEN try_cast(max_rate AS INTEGER) END
  } END AS firewall_rule,
  -- Copies of what has more in it than its columns take.
  CASE WHEN has_more_headers OR has_more_labels OR ruleId IS NULL THEN
    map_from_entries(list_filter([
      {k: 'httpRequest.headers', v: CASE WHEN has_more_headers THEN headers END},
      {k: 'labels', v: CASE WHEN has_more_labels THEN labels END},
      {k: 'terminatingRuleType', v: CASE WHEN ruleId IS NULL THEN ruleType END}
    ], lambda e: e.v IS NOT NULL))
  END AS unmapped,
  'WAF' AS _native,
  CASE
    WHEN loggedAt IS NOT NULL AND logged IS NULL THEN 'time.invalid: timestamp is no time: ' || loggedAt
    WHEN codeSent IS NOT NULL AND try_cast(codeSent AS USMALLINT) IS NULL THEN 'response-code.invalid: responseCodeSent is no code: ' || codeSent
  END AS _error
FROM told
