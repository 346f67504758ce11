-- One log event -> Base Event (0): applications log what they like.
WITH named AS (
  SELECT *,
    -- Lambda names its own records platform.*, and puts what it tells into `record`.
    CASE WHEN starts_with(typeName, 'platform.') THEN typeName END AS platform_type,
    COALESCE(plainLevel, level, logLevel, severityText, ecsLevel, levelName) AS level_text,
    COALESCE(stamp, ownTime, atTime) AS own_stamp,
    COALESCE(functionArn, invokedArn, json_text(platform, '$.functionArn'), json_text(platform, '$.invokedFunctionArn')) AS function_arn,
    COALESCE(plain, messageValue, msg, errorMessage) AS body
  FROM raw
),
judged AS (
  SELECT *,
    COALESCE(plainKind, platform_type) AS kind,
    COALESCE(plainStatus, CASE WHEN platform_type IS NOT NULL THEN json_text(platform, '$.status') END) AS outcome,
    COALESCE(plainError, errorType, CASE WHEN platform_type IS NOT NULL THEN json_text(platform, '$.errorType') END) AS error_name,
    COALESCE(plainRequest, requestId, javaRequestId, powertoolsRequestId,
      CASE WHEN platform_type IS NOT NULL THEN json_text(platform, '$.requestId') END) AS request_id,
    COALESCE(TRY(make_timestamp(try_cast(loggedAt AS BIGINT) * 1000)), utc_time(own_stamp), TRY(make_timestamp(try_cast(own_stamp AS BIGINT) * 1000))) AS happened_at,
    CASE WHEN regexp_full_match(owner, '[0-9]{12}') THEN owner ELSE keyAccount END AS account_id,
    COALESCE(keyRegion, nullif(regexp_extract(function_arn, '^arn:aws[a-z-]*:lambda:([a-z0-9-]+):', 1), '')) AS region_name,
    CASE
      WHEN regexp_full_match(level_text, '(?i)trace|debug|info|information|notice|verbose|fine(r|st)?|10|20|30') THEN 1
      WHEN regexp_full_match(level_text, '(?i)warn|warning|40') THEN 2
      WHEN regexp_full_match(level_text, '(?i)err|error|severe|50') THEN 3
      WHEN regexp_full_match(level_text, '(?i)fatal|crit|critical|alert|60') THEN 4
      WHEN regexp_full_match(level_text, '(?i)emerg|emergency|panic') THEN 5
    END AS level_id
  FROM named
)
SELECT
  _raw,
  0 AS class_uid,
  CASE WHEN kind IS NOT NULL THEN 99 ELSE 0 END AS activity_id,
  kind AS activity_name,
  happened_at AS time_dt,
  -- A line without a level says nothing of its weight.
  COALESCE(level_id, CASE WHEN outcome IN ('error', 'failure', 'timeout') THEN 3 WHEN kind IS NOT NULL THEN 1 ELSE 0 END) AS severity_id,
  CASE WHEN outcome = 'success' THEN 1 WHEN outcome IN ('error', 'failure', 'timeout') THEN 2 WHEN outcome IS NOT NULL THEN 99 END AS status_id,
  outcome AS status,
  outcome AS status_code,
  error_name AS status_detail,
  left(rtrim(COALESCE(body, platform_type), chr(10) || chr(13)), 65535) AS message,
  TRY(CAST(round(COALESCE(try_cast(plainDuration AS DOUBLE),
    CASE WHEN platform_type IS NOT NULL THEN try_cast(json_text(platform, '$.metrics.durationMs') AS DOUBLE) END)) AS INTEGER)) AS duration,
  {
    uid: eventId,
    event_code: kind,
    log_name: logGroup,
    log_level: level_text,
    original_time: COALESCE(plainTime, own_stamp),
    correlation_uid: request_id,
    product: {
      name: 'Amazon CloudWatch Logs',
      vendor_name: 'AWS',
      feature: CASE WHEN regexp_matches(logGroup, '^/aws/[^/]+/.') THEN {
        name: regexp_extract(logGroup, '^/aws/([^/]+)/(.+)$', 1), uid: regexp_extract(logGroup, '^/aws/([^/]+)/(.+)$', 2)} END
    }
  } AS metadata,
  {provider: 'AWS', region: region_name, account: CASE WHEN account_id IS NOT NULL THEN {uid: account_id} END} AS cloud,
  map_from_entries(list_filter([
    {k: 'cloudwatch.owner', v: CASE WHEN owner IS DISTINCT FROM account_id THEN owner END},
    {k: 'message', v: CASE WHEN messageValue IS DISTINCT FROM body OR len(body) > 65535 THEN messageValue END},
    {k: 'text', v: CASE WHEN len(plain) > 65535 THEN plain END},
    {k: 'msg', v: CASE WHEN msg IS DISTINCT FROM body OR len(body) > 65535 THEN msg END},
    {k: 'errorMessage', v: CASE WHEN errorMessage IS DISTINCT FROM body OR len(body) > 65535 THEN errorMessage END},
    {k: 'level', v: CASE WHEN level IS DISTINCT FROM level_text THEN level END},
    {k: 'log_level', v: CASE WHEN logLevel IS DISTINCT FROM level_text THEN logLevel END},
    {k: 'timestamp', v: CASE WHEN stamp IS DISTINCT FROM COALESCE(plainTime, own_stamp) THEN stamp END},
    {k: 'time', v: CASE WHEN ownTime IS DISTINCT FROM COALESCE(plainTime, own_stamp) THEN ownTime END},
    {k: '@timestamp', v: CASE WHEN atTime IS DISTINCT FROM COALESCE(plainTime, own_stamp) THEN atTime END},
    {k: 'requestId', v: CASE WHEN requestId IS DISTINCT FROM request_id THEN requestId END}
  ], lambda e: e.v IS NOT NULL)) AS unmapped,
  CASE
    WHEN loggedAt IS NOT NULL AND TRY(make_timestamp(try_cast(loggedAt AS BIGINT) * 1000)) IS NULL THEN 'time.invalid: the timestamp is no number of milliseconds: ' || left(loggedAt, 100)
  END AS _error
FROM judged
