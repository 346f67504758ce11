-- One request -> HTTP Activity (4002); one connection of a TCP or SSL listener, which has no request -> Network Activity (4001).
WITH c AS (
  SELECT *,
    COALESCE(requestMethod, otherMethod, requestUrl, elbStatus) IS NOT NULL AS is_http,
    try_cast(elbStatus AS INTEGER) AS status,
    try_cast(requestTime AS DOUBLE) AS request_seconds,
    try_cast(backendTime AS DOUBLE) AS backend_seconds,
    try_cast(receivedBytes AS BIGINT) AS received,
    try_cast(sentBytes AS BIGINT) AS sent
  FROM raw
)
SELECT
  _raw,
  CASE WHEN is_http THEN 4002 ELSE 4001 END AS class_uid,
  CASE
    WHEN NOT is_http THEN CASE WHEN backendIp IS NULL THEN 4 ELSE 6 END
    WHEN otherMethod IS NOT NULL THEN 99
    ELSE CASE requestMethod WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3 WHEN 'HEAD' THEN 4
      WHEN 'OPTIONS' THEN 5 WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8 ELSE 0 END
  END AS activity_id,
  CASE WHEN is_http THEN otherMethod END AS activity_name,
  utc_time(startTime) AS time_dt,
  -- -1 stands for a request that reached no instance.
  CASE WHEN request_seconds >= 0 THEN try_cast(round(request_seconds * 1000) AS INTEGER) END AS duration,
  CASE
    WHEN NOT is_http THEN CASE WHEN backendIp IS NULL THEN 2 ELSE 1 END
    WHEN status >= 400 THEN 2 WHEN status >= 100 THEN 1 ELSE 0
  END AS status_id,
  elbStatus AS status_code,
  {product: {name: 'Elastic Load Balancing', vendor_name: 'AWS', feature: {name: 'Classic Load Balancer access logs'}}} AS metadata,
  {provider: 'AWS', region: keyRegion, account: CASE WHEN keyAccount IS NOT NULL THEN {uid: keyAccount} END} AS cloud,
  {ip: clientIp, port: try_cast(clientPort AS INTEGER)} AS src_endpoint,
  {
    ip: backendIp,
    port: try_cast(backendPort AS INTEGER),
    svc_name: CASE WHEN backendIp IS NULL THEN COALESCE(elb, 'Classic Load Balancer') END
  } AS dst_endpoint,
  CASE WHEN elb IS NOT NULL THEN {name: elb, uid: elb, code: try_cast(backendStatus AS INTEGER)} END AS load_balancer,
  CASE WHEN NOT is_http THEN {protocol_name: 'tcp', protocol_num: 6, direction_id: 1} END AS connection_info,
  CASE WHEN COALESCE(sslProtocol, sslCipher) IS NOT NULL
    THEN {version: COALESCE(sslProtocol, 'Unknown'), cipher: sslCipher} END AS tls,
  CASE WHEN receivedBytes IS NOT NULL OR sentBytes IS NOT NULL
    THEN {bytes_in: received, bytes_out: sent, bytes: COALESCE(received, 0) + COALESCE(sent, 0)} END AS traffic,
  CASE WHEN is_http THEN {
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
  CASE WHEN is_http THEN {
    code: COALESCE(status, 0),
    status: CASE WHEN status IS NULL THEN 'Unknown' END,
    latency: CASE WHEN backend_seconds >= 0 THEN try_cast(round(backend_seconds * 1000) AS INTEGER) END
  } END AS http_response,
  CASE WHEN NOT is_http AND userAgent IS NOT NULL THEN MAP {'user_agent': userAgent} END AS unmapped,
  CASE
    WHEN startTime IS NOT NULL AND utc_time(startTime) IS NULL THEN 'time.invalid: time is no time: ' || startTime
    WHEN elbStatus IS NOT NULL AND status IS NULL THEN 'status.invalid: elb_status_code is no number: ' || elbStatus
    WHEN backendStatus IS NOT NULL AND try_cast(backendStatus AS INTEGER) IS NULL THEN 'status.invalid: backend_status_code is no number: ' || backendStatus
    WHEN receivedBytes IS NOT NULL AND received IS NULL THEN 'bytes.invalid: received_bytes is no number: ' || receivedBytes
    WHEN sentBytes IS NOT NULL AND sent IS NULL THEN 'bytes.invalid: sent_bytes is no number: ' || sentBytes
    WHEN requestTime IS NOT NULL AND request_seconds IS NULL THEN 'duration.invalid: request_processing_time is no number: ' || requestTime
    WHEN backendTime IS NOT NULL AND backend_seconds IS NULL THEN 'duration.invalid: backend_processing_time is no number: ' || backendTime
  END AS _error
FROM c
