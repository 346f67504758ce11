-- One TLS connection, written when it ended -> Network Activity (4001).
WITH n AS (
  SELECT *,
    try_cast(connectionTime AS INTEGER) AS connection_ms,
    try_cast(handshakeTime AS INTEGER) AS handshake_ms,
    try_cast(receivedBytes AS BIGINT) AS received,
    try_cast(sentBytes AS BIGINT) AS sent,
    try_cast(tlsAlert AS INTEGER) AS alert,
    -- A listener's certificate is of the load balancer's own account and Region.
    regexp_extract(certificateArn, '^arn:[a-z-]+:acm:([a-z0-9-]+):([0-9]{12})?', ['region', 'account']) AS arn
  FROM raw
)
SELECT
  _raw,
  4001 AS class_uid,
  -- Without a handshake nothing was carried.
  CASE WHEN handshakeTime IS NULL THEN 4 ELSE 2 END AS activity_id,
  utc_time(endTime) AS time_dt,
  utc_time(creationTime) AS start_time_dt,
  utc_time(endTime) AS end_time_dt,
  connection_ms AS duration,
  CASE WHEN handshakeTime IS NULL THEN 2 ELSE 1 END AS status_id,
  {
    log_version: version,
    product: {name: 'Elastic Load Balancing', vendor_name: 'AWS', feature: {name: 'Network Load Balancer access logs'}}
  } AS metadata,
  {
    provider: 'AWS',
    region: COALESCE(keyRegion, NULLIF(arn.region, '')),
    account: CASE WHEN COALESCE(keyAccount, NULLIF(arn.account, '')) IS NOT NULL
      THEN {uid: COALESCE(keyAccount, NULLIF(arn.account, ''))} END
  } AS cloud,
  {ip: clientIp, port: try_cast(clientPort AS INTEGER)} AS src_endpoint,
  {
    ip: destinationIp,
    port: try_cast(destinationPort AS INTEGER),
    svc_name: CASE WHEN destinationIp IS NULL THEN COALESCE(elb, 'Network Load Balancer') END
  } AS dst_endpoint,
  CASE WHEN elb IS NOT NULL THEN {name: COALESCE(NULLIF(split_part(elb, '/', 2), ''), elb), uid: elb} END AS load_balancer,
  {protocol_name: 'tcp', protocol_num: 6, direction_id: 1} AS connection_info,
  CASE WHEN COALESCE(tlsVersion, tlsCipher, domainName, handshakeTime, tlsAlert) IS NOT NULL THEN {
    version: COALESCE(tlsVersion, 'Unknown'),
    cipher: tlsCipher,
    sni: domainName,
    handshake_dur: handshake_ms,
    alert: alert
  } END AS tls,
  CASE WHEN receivedBytes IS NOT NULL OR sentBytes IS NOT NULL
    THEN {bytes_in: received, bytes_out: sent, bytes: COALESCE(received, 0) + COALESCE(sent, 0)} END AS traffic,
  CASE
    WHEN endTime IS NOT NULL AND utc_time(endTime) IS NULL THEN 'time.invalid: time is no time: ' || endTime
    WHEN creationTime IS NOT NULL AND utc_time(creationTime) IS NULL THEN 'time.invalid: tls_connection_creation_time is no time: ' || creationTime
    WHEN connectionTime IS NOT NULL AND connection_ms IS NULL THEN 'duration.invalid: connection_time is no number: ' || connectionTime
    WHEN handshakeTime IS NOT NULL AND handshake_ms IS NULL THEN 'duration.invalid: tls_handshake_time is no number: ' || handshakeTime
    WHEN receivedBytes IS NOT NULL AND received IS NULL THEN 'bytes.invalid: received_bytes is no number: ' || receivedBytes
    WHEN sentBytes IS NOT NULL AND sent IS NULL THEN 'bytes.invalid: sent_bytes is no number: ' || sentBytes
    WHEN tlsAlert IS NOT NULL AND alert IS NULL THEN 'alert.invalid: incoming_tls_alert is no number: ' || tlsAlert
  END AS _error
FROM n
