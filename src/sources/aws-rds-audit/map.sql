-- One record -> Authentication (3002) for connections, Datastore Activity (6005) for statements and tables, Base Event (0)
-- for what else the server says.
WITH judged AS (
  SELECT *,
    CASE WHEN kind IN ('connect', 'disconnect', 'step') THEN 3002 WHEN kind IN ('statement', 'table') THEN 6005 ELSE 0 END AS class_uid,
    COALESCE(is_ip(clientHost), false) AS has_address,
    COALESCE(serverHost, resourceId) AS server,
    kind = 'table' OR objectType IN ('TABLE', 'PARTITIONED TABLE', 'FOREIGN TABLE', 'VIEW', 'MATERIALIZED VIEW') AS has_table,
    CASE WHEN regexp_full_match(owner, '[0-9]{12}') THEN owner ELSE keyAccount END AS account_id,
    CASE
      WHEN kind = 'table' THEN CASE verb WHEN 'READ' THEN 1 WHEN 'WRITE' THEN 5 WHEN 'CREATE' THEN 6 WHEN 'DROP' THEN 7 ELSE 2 END
      WHEN auditClass = 'READ' AND verb = 'COPY' THEN 1
      WHEN regexp_matches(verb, '^(SELECT|SHOW|DESC|DESCRIBE|EXPLAIN|WITH|TABLE|VALUES|FETCH)\b') THEN 4
      WHEN regexp_matches(verb, '^(INSERT|REPLACE|LOAD|COPY|MERGE)\b') THEN 5
      WHEN regexp_matches(verb, '^(UPDATE|ALTER|RENAME|GRANT|REVOKE|COMMENT)\b') THEN 2
      WHEN regexp_matches(verb, '^CREATE\b') THEN 6
      WHEN regexp_matches(verb, '^(DELETE|TRUNCATE|DROP)\b') THEN 7
      ELSE 99
    END AS use_id
  FROM raw
)
SELECT
  _raw,
  class_uid,
  CASE
    WHEN class_uid = 6005 THEN use_id
    WHEN kind = 'connect' THEN 1 WHEN kind = 'disconnect' THEN 2 WHEN kind = 'step' THEN 99 ELSE 0
  END AS activity_id,
  COALESCE(verb, operation) AS activity_name,
  utc_time(timeUtc) AS time_dt,
  -- A refused connection is FATAL to PostgreSQL only because its process ends.
  CASE WHEN class_uid = 3002 THEN 1 WHEN level = 'PANIC' THEN 5 WHEN level = 'FATAL' THEN 3 WHEN level IN ('ERROR', 'WARNING') THEN 2 ELSE 1 END AS severity_id,
  CASE outcome WHEN 'success' THEN 1 WHEN 'failure' THEN 2 END AS status_id,
  CASE WHEN class_uid <> 0 THEN returnCode END AS status_code,
  left(detail, 65535) AS status_detail,
  left(messageText, 65535) AS message,
  CASE WHEN class_uid <> 0 THEN TRY(CAST(round(try_cast(durationMs AS DOUBLE)) AS INTEGER)) END AS duration,
  {
    uid: eventId,
    event_code: operation,
    log_name: logGroup,
    log_level: level,
    original_time: recordTime,
    product: {name: 'Amazon RDS', vendor_name: 'AWS', feature: {name: engine}}
  } AS metadata,
  {provider: 'AWS', region: keyRegion, account: CASE WHEN account_id IS NOT NULL THEN {uid: account_id} END} AS cloud,
  CASE WHEN class_uid <> 0 THEN {
    user: CASE WHEN COALESCE(userName, identity) IS NOT NULL THEN {name: COALESCE(userName, identity)} END,
    session: CASE WHEN connectionId IS NOT NULL THEN {uid: connectionId} END,
    invoked_by: CASE WHEN userName IS NULL AND identity IS NULL THEN engine END
  } END AS actor,
  CASE WHEN class_uid = 3002 THEN {name: COALESCE(userName, identity, 'Unknown')} END AS user,
  CASE WHEN class_uid <> 0 THEN {
    ip: CASE WHEN has_address THEN clientHost END,
    name: CASE WHEN NOT has_address THEN clientHost END,
    svc_name: CASE WHEN clientHost IS NULL THEN engine END,
    port: try_cast(clientPort AS USMALLINT)
  } END AS src_endpoint,
  CASE WHEN class_uid <> 0 AND server IS NOT NULL THEN {name: server} END AS dst_endpoint,
  CASE WHEN class_uid = 3002 THEN {name: engine, uid: resourceId} END AS service,
  CASE WHEN class_uid = 3002 THEN CASE WHEN method IS NOT NULL THEN 99 END END AS auth_protocol_id,
  CASE WHEN class_uid = 3002 THEN method END AS auth_protocol,
  CASE WHEN class_uid = 6005 THEN {
    name: COALESCE(databaseName, server, 'Unknown'), uid: resourceId, type: engine, type_id: 1} END AS database,
  CASE WHEN class_uid = 6005 AND has_table AND objectName IS NOT NULL THEN {name: objectName} END AS "table",
  CASE WHEN class_uid = 6005 THEN CASE WHEN has_table AND objectName IS NOT NULL THEN 3 ELSE 1 END END AS type_id,
  CASE WHEN class_uid = 6005 THEN CASE WHEN has_table AND objectName IS NOT NULL THEN 'Table' ELSE 'Database' END END AS type,
  CASE WHEN class_uid = 6005 AND sqlText IS NOT NULL
    THEN {uid: COALESCE(queryId, connectionId, 'Unknown'), query_string: left(sqlText, 65535)} END AS query_info,
  map_from_entries(list_filter([
    {k: 'cloudwatch.owner', v: CASE WHEN owner IS DISTINCT FROM account_id THEN owner END},
    {k: 'server_host', v: CASE WHEN class_uid = 0 THEN serverHost END},
    {k: 'resource_id', v: CASE WHEN class_uid = 0 THEN resourceId END},
    {k: 'user', v: CASE WHEN class_uid = 0 THEN userName END},
    {k: 'identity', v: CASE WHEN class_uid = 0 OR identity IS DISTINCT FROM COALESCE(userName, identity) THEN identity END},
    {k: 'method', v: CASE WHEN class_uid <> 3002 THEN method END},
    {k: 'database', v: CASE WHEN class_uid <> 6005 THEN databaseName END},
    {k: 'client_host', v: CASE WHEN class_uid = 0 THEN clientHost END},
    {k: 'client_port', v: CASE WHEN class_uid = 0 THEN clientPort END},
    {k: 'connection_id', v: CASE WHEN class_uid = 0 THEN connectionId END},
    {k: 'query_id', v: CASE WHEN class_uid <> 6005 OR sqlText IS NULL THEN queryId END},
    {k: 'object', v: CASE WHEN class_uid <> 6005 OR has_table IS NOT TRUE THEN objectName END},
    {k: 'return_code', v: CASE WHEN class_uid = 0 THEN returnCode END},
    {k: 'statement', v: CASE WHEN class_uid <> 6005 OR len(sqlText) > 65535 THEN sqlText END},
    {k: 'message', v: CASE WHEN len(messageText) > 65535 THEN messageText END},
    {k: 'detail', v: CASE WHEN len(detail) > 65535 THEN detail END}
  ], lambda e: e.v IS NOT NULL)) AS unmapped,
  CASE
    WHEN timeUtc IS NULL THEN 'time.zone: the zone of the time is not known: ' || left(recordTime, 100)
    WHEN utc_time(timeUtc) IS NULL THEN 'time.invalid: the time is none: ' || left(recordTime, 100)
    WHEN clientPort IS NOT NULL AND try_cast(clientPort AS USMALLINT) IS NULL THEN 'port.invalid: the client''s port is none: ' || clientPort
  END AS _error
FROM judged
