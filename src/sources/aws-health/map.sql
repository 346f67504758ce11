-- One notice of an AWS Health event -> Detection Finding (2004).
WITH read AS (
  SELECT *,
    COALESCE(eventArn, apiArn) AS arn,
    -- EventBridge writes times as HTTP does, the API in ISO 8601 or as seconds since 1970.
    list_transform([lastUpdatedTime, startTime, endTime], lambda t: COALESCE(try_strptime(t, '%a, %d %b %Y %H:%M:%S GMT'), utc_time(t),
      TRY(make_timestamp_ms(CAST(round(try_cast(t AS DOUBLE) * 1000) AS BIGINT))))) AS times,
    COALESCE(affectedAccount, apiAccount, CASE WHEN COALESCE(scope, '') <> 'PUBLIC' THEN eventAccount END) AS account,
    COALESCE(eventRegion, apiRegion, NULLIF(split_part(COALESCE(eventArn, apiArn), ':', 4), ''), busRegion) AS place
  FROM raw
),
named AS (
  SELECT *,
    -- arn:aws:health:<region>::event/<service>/<type code>/<id>
    COALESCE(serviceName, NULLIF(split_part(arn, '/', 2), '')) AS service,
    COALESCE(typeCode, NULLIF(split_part(arn, '/', 3), '')) AS code,
    TRY(from_json(resources, '[{"uid": "VARCHAR", "owner": {"account": {"uid": "VARCHAR"}}, "data": "VARCHAR"}]')) AS entities
  FROM read
)
SELECT
  _raw,
  2004 AS class_uid,
  CASE WHEN statusCode = 'closed' THEN 3 WHEN isEntity = 'true' OR times[1] > times[2] THEN 2 ELSE 1 END AS activity_id,
  COALESCE(times[1], utc_time(eventTime), times[2]) AS time_dt,
  times[2] AS start_time_dt,
  times[3] AS end_time_dt,
  CASE category WHEN 'issue' THEN 4 WHEN 'investigation' THEN 4 WHEN 'scheduledChange' THEN 3 WHEN 'accountNotification' THEN 2
    ELSE CASE WHEN detailType = 'AWS Health Abuse Event' THEN 4 ELSE 0 END END AS severity_id,
  CASE statusCode WHEN 'open' THEN 1 WHEN 'upcoming' THEN 1 WHEN 'closed' THEN 4 ELSE CASE WHEN statusCode IS NOT NULL THEN 99 END END AS status_id,
  statusCode AS status,
  statusCode AS status_code,
  {
    uid: COALESCE(communicationId, eventId),
    event_code: code,
    log_name: detailType,
    product: {name: 'AWS Health', vendor_name: 'AWS', feature: CASE WHEN service IS NOT NULL THEN {name: service} END}
  } AS metadata,
  {
    provider: 'AWS',
    region: place,
    zone: CASE WHEN regexp_full_match(availabilityZone, '[a-z]{2}(-[a-z]+)+-[0-9][a-z]') THEN availabilityZone END,
    account: CASE WHEN account IS NOT NULL THEN {uid: account} END
  } AS cloud,
  {
    uid: arn,
    -- AWS_RDS_MAINTENANCE_SCHEDULED reads as "RDS maintenance scheduled".
    title: COALESCE(NULLIF(trim(regexp_extract(code, '^(?:AWS_)?([^_]+)', 1) || lower(replace(regexp_extract(code, '^(?:AWS_)?[^_]+(_.*)?$', 1), '_', ' '))), ''), arn),
    "desc": description,
    types: list_filter([category, code], lambda t: t IS NOT NULL),
    first_seen_time_dt: CASE WHEN times[2] <= times[1] OR times[1] IS NULL THEN times[2] END,
    last_seen_time_dt: times[1],
    modified_time_dt: times[1]
  } AS finding_info,
  list_transform(entities, lambda e: {uid: e.uid, type: service, region: place, owner: CASE WHEN e.owner.account.uid IS NOT NULL THEN e.owner END, data: e.data}) AS resources,
  COALESCE(account, eventAccount) AS _account,
  CASE WHEN place = 'global' THEN COALESCE(busRegion, 'us-east-1') END AS _region,
  CASE
    WHEN arn IS NULL THEN 'health.not-an-event: the record names no event'
    WHEN lastUpdatedTime IS NOT NULL AND times[1] IS NULL THEN 'time.invalid: lastUpdatedTime is no time: ' || lastUpdatedTime
    WHEN startTime IS NOT NULL AND times[2] IS NULL THEN 'time.invalid: startTime is no time: ' || startTime
    WHEN endTime IS NOT NULL AND times[3] IS NULL THEN 'time.invalid: endTime is no time: ' || endTime
  END AS _error
FROM named
