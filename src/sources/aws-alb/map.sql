-- One access log entry -> HTTP Activity (4002); one connection log entry, which knows no request -> Network Activity (4001).
WITH a AS (
  SELECT *,
    connectionTime IS NOT NULL AS is_connection,
    COALESCE(elb, keyElb) AS balancer,
    try_cast(elbStatus AS INTEGER) AS status,
    try_cast(requestTime AS DOUBLE) AS request_seconds,
    try_cast(targetTime AS DOUBLE) AS target_seconds,
    -- The target group is of the load balancer's own account and Region; AWS's examples mask the account.
    regexp_extract(targetGroup, '^arn:[a-z-]+:elasticloadbalancing:([a-z0-9-]+):([0-9]{12})?', ['region', 'account']) AS arn
  FROM raw
)
SELECT
  _raw,
  CASE WHEN is_connection THEN 4001 ELSE 4002 END AS class_uid,
  CASE
    WHEN is_connection THEN CASE WHEN starts_with(verifyStatus, 'Failed') THEN 4 ELSE 1 END
    WHEN otherMethod IS NOT NULL THEN 99
    ELSE CASE requestMethod WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3 WHEN 'HEAD' THEN 4
      WHEN 'OPTIONS' THEN 5 WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8 ELSE 0 END
  END AS activity_id,
  CASE WHEN NOT is_connection THEN otherMethod END AS activity_name,
  utc_time(COALESCE(endTime, connectionTime)) AS time_dt,
  utc_time(creationTime) AS start_time_dt,
  -- -1 stands for a request that reached no target.
  CASE WHEN request_seconds >= 0 THEN try_cast(round(request_seconds * 1000) AS INTEGER) END AS duration,
  CASE
    WHEN is_connection THEN CASE WHEN starts_with(verifyStatus, 'Failed') THEN 2 ELSE 1 END
    WHEN status >= 400 THEN 2 WHEN status >= 100 THEN 1 ELSE 0
  END AS status_id,
  COALESCE(elbStatus, verifyStatus) AS status_code,
  {
    product: {
      name: 'Elastic Load Balancing', vendor_name: 'AWS',
      feature: {name: CASE WHEN is_connection THEN 'Application Load Balancer connection logs' ELSE 'Application Load Balancer access logs' END}
    }
  } AS metadata,
  {
    provider: 'AWS',
    region: COALESCE(keyRegion, NULLIF(arn.region, '')),
    account: CASE WHEN COALESCE(keyAccount, NULLIF(arn.account, '')) IS NOT NULL
      THEN {uid: COALESCE(keyAccount, NULLIF(arn.account, ''))} END
  } AS cloud,
  {ip: clientIp, port: try_cast(clientPort AS INTEGER)} AS src_endpoint,
  CASE
    WHEN is_connection THEN {
      ip: keyNode, port: try_cast(listenerPort AS INTEGER), svc_name: COALESCE(balancer, 'Application Load Balancer')}
    -- Without a target (a refusal, a redirect, a Lambda function) the load balancer itself answered.
    ELSE {ip: targetIp, port: try_cast(targetPort AS INTEGER), svc_name: CASE WHEN targetIp IS NULL THEN COALESCE(balancer, 'Application Load Balancer') END}
  END AS dst_endpoint,
  CASE WHEN balancer IS NOT NULL THEN {
    name: COALESCE(NULLIF(split_part(balancer, '/', 2), ''), balancer),
    uid: balancer,
    code: try_cast(targetStatus AS INTEGER),
    classification: classification,
    status_detail: classificationReason,
    error_message: errorReason
  } END AS load_balancer,
  CASE WHEN COALESCE(sslProtocol, tlsProtocol, sslCipher, tlsCipher, domainName) IS NOT NULL THEN {
    version: COALESCE(sslProtocol, tlsProtocol, 'Unknown'),
    cipher: COALESCE(sslCipher, tlsCipher),
    sni: domainName,
    handshake_dur: try_cast(round(try_cast(handshakeTime AS DOUBLE) * 1000) AS INTEGER)
  } END AS tls,
  -- The id that joins the requests of a connection with its entry in the connection log.
  CASE WHEN connectionId IS NOT NULL THEN {uid: connectionId, direction_id: 1} END AS connection_info,
  CASE WHEN receivedBytes IS NOT NULL OR sentBytes IS NOT NULL THEN {
    bytes_in: try_cast(receivedBytes AS BIGINT),
    bytes_out: try_cast(sentBytes AS BIGINT),
    bytes: COALESCE(try_cast(receivedBytes AS BIGINT), 0) + COALESCE(try_cast(sentBytes AS BIGINT), 0)
  } END AS traffic,
  CASE WHEN NOT is_connection THEN {
    uid: traceId,
    http_method: requestMethod,
    version: requestVersion,
    user_agent: userAgent,
    url: CASE WHEN requestUrl IS NOT NULL THEN {
      url_string: requestUrl,
      scheme: urlScheme,
      hostname: urlHost,
      port: try_cast(urlPort AS INTEGER),
      path: urlPath,
      query_string: urlQuery
    } END
  } END AS http_request,
  -- OCSF asks for a code; where the client left before there was one, 0 says so.
  CASE WHEN NOT is_connection THEN {
    code: COALESCE(status, 0),
    status: CASE WHEN status IS NULL THEN 'Unknown' END,
    latency: CASE WHEN target_seconds >= 0 THEN try_cast(round(target_seconds * 1000) AS INTEGER) END
  } END AS http_response,
  CASE
    WHEN endTime IS NOT NULL AND utc_time(endTime) IS NULL THEN 'time.invalid: time is no time: ' || endTime
    WHEN connectionTime IS NOT NULL AND utc_time(connectionTime) IS NULL THEN 'time.invalid: timestamp is no time: ' || connectionTime
    WHEN creationTime IS NOT NULL AND utc_time(creationTime) IS NULL THEN 'time.invalid: request_creation_time is no time: ' || creationTime
    WHEN elbStatus IS NOT NULL AND status IS NULL THEN 'status.invalid: elb_status_code is no number: ' || elbStatus
    WHEN targetStatus IS NOT NULL AND try_cast(targetStatus AS INTEGER) IS NULL THEN 'status.invalid: target_status_code is no number: ' || targetStatus
    WHEN receivedBytes IS NOT NULL AND try_cast(receivedBytes AS BIGINT) IS NULL THEN 'bytes.invalid: received_bytes is no number: ' || receivedBytes
    WHEN sentBytes IS NOT NULL AND try_cast(sentBytes AS BIGINT) IS NULL THEN 'bytes.invalid: sent_bytes is no number: ' || sentBytes
    WHEN clientPort IS NOT NULL AND try_cast(clientPort AS USMALLINT) IS NULL THEN 'port.invalid: client_port is no port: ' || clientPort
    WHEN listenerPort IS NOT NULL AND try_cast(listenerPort AS USMALLINT) IS NULL THEN 'port.invalid: listener_port is no port: ' || listenerPort
    WHEN handshakeTime IS NOT NULL AND try_cast(handshakeTime AS DOUBLE) IS NULL THEN 'duration.invalid: tls_handshake_latency is no number: ' || handshakeTime
    WHEN requestTime IS NOT NULL AND request_seconds IS NULL THEN 'duration.invalid: request_processing_time is no number: ' || requestTime
    WHEN targetTime IS NOT NULL AND target_seconds IS NULL THEN 'duration.invalid: target_processing_time is no number: ' || targetTime
  END AS _error
FROM a
