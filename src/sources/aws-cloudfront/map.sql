-- One viewer request -> HTTP Activity (4002). Values are as in the log, where "-" is no value (text and JSON are already without it).
WITH c AS (
  SELECT _raw, keyAccount, otherMethod, forwardedIps,
    COALESCE(keyDistribution, NULLIF(distributionId, '-'), NULLIF(primaryDistributionId, '-')) AS distribution,
    COALESCE(requestMethod, NULLIF(csMethod, '-')) AS method,
    NULLIF(logDate, '-') || 'T' || NULLIF(logTime, '-') || 'Z' AS log_time,
    NULLIF(epochMs, '-') AS epoch_ms,
    NULLIF(epochSeconds, '-') AS epoch_seconds,
    NULLIF(clientIp, '-') AS client_ip,
    NULLIF(clientPort, '-') AS client_port,
    NULLIF(clientCountry, '-') AS country,
    NULLIF(serverIp, '-') AS server_ip,
    NULLIF(csHost, '-') AS cs_host,
    NULLIF(hostHeader, '-') AS host_header,
    NULLIF(uriStem, '-') AS path,
    NULLIF(uriQuery, '-') AS query,
    NULLIF(csProtocol, '-') AS scheme,
    NULLIF(protocolVersion, '-') AS version,
    NULLIF(userAgent, '-') AS encoded_agent,
    NULLIF(referer, '-') AS referrer,
    NULLIF(scStatus, '-') AS sc_status,
    NULLIF(contentType, '-') AS content_type,
    NULLIF(contentLength, '-') AS content_length,
    NULLIF(csBytes, '-') AS cs_bytes,
    NULLIF(scBytes, '-') AS sc_bytes,
    NULLIF(timeTaken, '-') AS time_taken,
    NULLIF(timeToFirstByte, '-') AS first_byte,
    NULLIF(edgeLocation, '-') AS edge_location,
    NULLIF(requestId, '-') AS request_id,
    COALESCE(NULLIF(detailedResultType, '-'), NULLIF(resultType, '-')) AS result_type,
    NULLIF(sslProtocol, '-') AS ssl_protocol,
    NULLIF(sslCipher, '-') AS ssl_cipher
  FROM raw
),
h AS (
  SELECT *,
    try_cast(sc_status AS INTEGER) AS status,
    try_cast(cs_bytes AS BIGINT) AS received,
    try_cast(sc_bytes AS BIGINT) AS sent,
    try_cast(round(try_cast(time_taken AS DOUBLE) * 1000) AS INTEGER) AS taken_ms,
    try_cast(round(try_cast(first_byte AS DOUBLE) * 1000) AS INTEGER) AS first_byte_ms,
    CASE
      WHEN epoch_ms IS NOT NULL THEN try(make_timestamp_ms(try_cast(epoch_ms AS BIGINT)))
      WHEN epoch_seconds IS NOT NULL THEN try(make_timestamp_ms(CAST(try_cast(epoch_seconds AS DECIMAL(14, 3)) * 1000 AS BIGINT)))
      ELSE utc_time(log_time) END AS happened,
    -- The viewer wrote the Host header: what is no host name stays in unmapped.
    regexp_full_match(host_header, '([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?') AS is_host,
    regexp_full_match(cs_host, '([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?') AS is_cs_host,
    -- Some files have the user agent encoded twice; a decoded value that is no UTF-8 is left as it was.
    COALESCE(try(url_decode(CASE WHEN contains(encoded_agent, '%2520') AND NOT contains(encoded_agent, '%20')
      THEN url_decode(encoded_agent) ELSE encoded_agent END)), encoded_agent) AS agent
  FROM c
)
SELECT
  _raw,
  4002 AS class_uid,
  CASE WHEN otherMethod IS NOT NULL THEN 99 ELSE CASE method WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3 WHEN 'HEAD' THEN 4
    WHEN 'OPTIONS' THEN 5 WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8 ELSE CASE WHEN method IS NULL THEN 0 ELSE 99 END END END AS activity_id,
  COALESCE(otherMethod, CASE WHEN method NOT IN ('CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'TRACE') THEN method END) AS activity_name,
  happened AS time_dt,
  taken_ms AS duration,
  CASE WHEN status >= 400 THEN 2 WHEN status >= 100 THEN 1 ELSE 0 END AS status_id,
  sc_status AS status_code,
  result_type AS status_detail,
  {
    uid: request_id,
    product: {
      name: 'CloudFront', vendor_name: 'AWS',
      feature: {name: CASE WHEN log_time IS NULL AND epoch_ms IS NULL THEN 'Real-time logs' ELSE 'Standard logs' END, uid: distribution}
    }
  } AS metadata,
  {provider: 'AWS', account: CASE WHEN keyAccount IS NOT NULL THEN {uid: keyAccount} END} AS cloud,
  {
    ip: client_ip,
    port: try_cast(client_port AS INTEGER),
    svc_name: CASE WHEN client_ip IS NULL THEN 'Unknown' END,
    location: CASE WHEN country IS NOT NULL THEN {country: country} END
  } AS src_endpoint,
  {
    ip: server_ip,
    hostname: CASE WHEN is_cs_host THEN cs_host END,
    name: edge_location,
    uid: distribution,
    svc_name: 'cloudfront.amazonaws.com'
  } AS dst_endpoint,
  {
    uid: request_id,
    http_method: CASE WHEN method IN ('CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'TRACE') THEN method END,
    version: version,
    user_agent: agent,
    referrer: referrer,
    x_forwarded_for: from_json(forwardedIps, '["VARCHAR"]'),
    url: CASE WHEN path IS NOT NULL THEN {
      hostname: CASE WHEN is_host THEN host_header WHEN host_header IS NULL AND is_cs_host THEN cs_host END,
      path: path,
      query_string: query,
      scheme: scheme
    } END
  } AS http_request,
  -- 000 (and no code) stands for a viewer who left before the answer.
  {
    code: COALESCE(status, 0),
    status: CASE WHEN COALESCE(status, 0) = 0 THEN 'Unknown' END,
    content_type: content_type,
    length: try_cast(content_length AS INTEGER),
    latency: first_byte_ms
  } AS http_response,
  CASE WHEN cs_bytes IS NOT NULL OR sc_bytes IS NOT NULL
    THEN {bytes_in: received, bytes_out: sent, bytes: COALESCE(received, 0) + COALESCE(sent, 0)} END AS traffic,
  CASE WHEN COALESCE(ssl_protocol, ssl_cipher) IS NOT NULL
    THEN {version: COALESCE(ssl_protocol, 'Unknown'), cipher: ssl_cipher} END AS tls,
  map_from_entries(list_filter([
    {k: 'x_host_header', v: CASE WHEN NOT is_host OR path IS NULL THEN host_header END},
    {k: 'cs_host', v: CASE WHEN NOT is_cs_host THEN cs_host END},
    {k: 'cs_uri_query', v: CASE WHEN path IS NULL THEN query END},
    {k: 'cs_protocol', v: CASE WHEN path IS NULL THEN scheme END},
    {k: 'sc_content_len', v: CASE WHEN try_cast(content_length AS INTEGER) IS NULL THEN content_length END},
    {k: 'date_time', v: CASE WHEN epoch_ms IS NOT NULL OR epoch_seconds IS NOT NULL THEN log_time END}
  ], lambda e: e.v IS NOT NULL)) AS unmapped,
  CASE
    WHEN happened IS NULL AND COALESCE(epoch_ms, epoch_seconds, log_time) IS NOT NULL THEN 'time.invalid: date, time or timestamp is no time: ' || COALESCE(epoch_ms, epoch_seconds, log_time)
    WHEN client_ip IS NOT NULL AND NOT regexp_full_match(client_ip, '[0-9A-Fa-f.:]{2,45}') THEN 'address.invalid: c-ip is no address: ' || client_ip
    WHEN server_ip IS NOT NULL AND NOT regexp_full_match(server_ip, '[0-9A-Fa-f.:]{2,45}') THEN 'address.invalid: s-ip is no address: ' || server_ip
    WHEN client_port IS NOT NULL AND try_cast(client_port AS USMALLINT) IS NULL THEN 'port.invalid: c-port is no port: ' || client_port
    WHEN sc_status IS NOT NULL AND status IS NULL THEN 'status.invalid: sc-status is no number: ' || sc_status
    WHEN cs_bytes IS NOT NULL AND received IS NULL THEN 'bytes.invalid: cs-bytes is no number: ' || cs_bytes
    WHEN sc_bytes IS NOT NULL AND sent IS NULL THEN 'bytes.invalid: sc-bytes is no number: ' || sc_bytes
    WHEN time_taken IS NOT NULL AND taken_ms IS NULL THEN 'duration.invalid: time-taken is no number: ' || time_taken
    WHEN first_byte IS NOT NULL AND first_byte_ms IS NULL THEN 'duration.invalid: time-to-first-byte is no number: ' || first_byte
  END AS _error
FROM h
