-- One alert, flow or TLS record -> Network Activity (4001).
WITH told AS (
  SELECT *,
    -- The offset stands without a colon: +0000.
    utc_time(regexp_replace(happenedAt, '([+-][0-9]{2})([0-9]{2})$', '\1:\2')) AS happened,
    utc_time(regexp_replace(flowStart, '([+-][0-9]{2})([0-9]{2})$', '\1:\2')) AS started,
    utc_time(regexp_replace(flowEnd, '([+-][0-9]{2})([0-9]{2})$', '\1:\2')) AS ended,
    make_timestamp_ms(try_cast(loggedAt AS BIGINT) * 1000) AS logged,
    CASE
      WHEN signatureId IS NOT NULL OR alertAction IS NOT NULL OR eventType = 'alert' THEN 'Alert'
      WHEN flowPackets IS NOT NULL OR eventType = 'netflow' THEN 'Flow'
      WHEN tlsError IS NOT NULL OR revocationStatus IS NOT NULL OR revocationAction IS NOT NULL THEN 'TLS'
    END AS kind,
    -- The verdict is on the packet; without one the alert's action and the TLS engine's tell what became of it.
    COALESCE(lower(verdict), lower(revocationAction), CASE WHEN tlsError IS NOT NULL THEN 'reset' END, lower(alertAction)) AS outcome,
    -- "failed": Suricata did not recognise the protocol.
    CASE WHEN appProto NOT IN ('', 'failed') THEN appProto END AS app,
    COALESCE(tlsIssuer IS NOT NULL AND tlsSerial IS NOT NULL AND len(tlsFingerprint) = 59, false) AS has_certificate,
    NULLIF(COALESCE(alertSni, NULLIF(sni, '-')), '') AS server_name,
    try_cast(concat('0x', tcpFlags) AS INTEGER) AS flags,
    COALESCE(ip_key(srcIp) IS NOT NULL AND regexp_full_match(srcIp, '[0-9A-Fa-f:.]+'), false) AS has_source,
    COALESCE(ip_key(destIp) IS NOT NULL AND regexp_full_match(destIp, '[0-9A-Fa-f:.]+'), false) AS has_target
  FROM raw
)
SELECT
  _raw,
  4001 AS class_uid,
  CASE WHEN outcome = 'reset' THEN 3 WHEN outcome IN ('blocked', 'drop', 'reject') THEN 5 WHEN kind IS NULL THEN 0 ELSE 6 END AS activity_id,
  COALESCE(happened, logged) AS time_dt,
  started AS start_time_dt,
  ended AS end_time_dt,
  -- Suricata: 1 is the highest. Flows and TLS errors are no alarm.
  CASE WHEN kind = 'Alert' THEN CASE signatureSeverity WHEN '1' THEN 4 WHEN '2' THEN 3 WHEN '3' THEN 2 ELSE 1 END ELSE 1 END AS severity_id,
  COALESCE(NULLIF(signature, ''), tlsError, 'Revocation status of the certificate: ' || revocationStatus) AS message,
  revocationStatus AS status_code,
  -- A flow record does not tell what the rules said.
  CASE
    WHEN outcome IN ('allowed', 'pass', 'alert') THEN 1
    WHEN outcome IN ('blocked', 'drop', 'reject', 'reset') THEN 2
    WHEN outcome IS NULL THEN 0
    ELSE 99 END AS action_id,
  CASE WHEN outcome NOT IN ('allowed', 'pass', 'alert', 'blocked', 'drop', 'reject', 'reset') THEN outcome END AS action,
  CASE outcome
    WHEN 'pass' THEN 1 WHEN 'allowed' THEN 19 WHEN 'alert' THEN 19 WHEN 'blocked' THEN 2 WHEN 'drop' THEN 6 WHEN 'reject' THEN 25 WHEN 'reset' THEN 21
    ELSE CASE WHEN outcome IS NOT NULL THEN 99 END END AS disposition_id,
  CASE WHEN outcome NOT IN ('allowed', 'pass', 'alert', 'blocked', 'drop', 'reject', 'reset') THEN outcome END AS disposition,
  {
    uid: eventId,
    event_code: eventType,
    log_name: logGroup,
    log_provider: firewallName,
    logged_time_dt: logged,
    product: {name: 'AWS Network Firewall', vendor_name: 'AWS', feature: CASE WHEN kind IS NOT NULL THEN {name: kind} END}
  } AS metadata,
  {
    provider: 'AWS',
    -- us-west-2-lax-1a, a Local Zone, belongs to us-west-2.
    region: COALESCE(NULLIF(regexp_extract(zone, '^[a-z]{2}(-[a-z]+)+-[0-9]+'), ''), keyRegion),
    zone: zone,
    account: CASE WHEN COALESCE(owner, keyAccount) IS NOT NULL THEN {uid: COALESCE(owner, keyAccount)} END
  } AS cloud,
  {
    ip: CASE WHEN has_source THEN srcIp END,
    name: CASE WHEN NOT has_source THEN COALESCE(srcIp, 'Unknown') END,
    port: try_cast(srcPort AS INTEGER)
  } AS src_endpoint,
  {
    ip: CASE WHEN has_target THEN destIp END,
    name: CASE WHEN NOT has_target THEN COALESCE(destIp, 'Unknown') END,
    port: try_cast(destPort AS INTEGER)
  } AS dst_endpoint,
  CASE WHEN COALESCE(flowId, proto, tcpFlags) IS NOT NULL THEN {
    uid: flowId,
    protocol_name: proto,
    protocol_num: CASE upper(proto) WHEN 'TCP' THEN 6 WHEN 'UDP' THEN 17 WHEN 'ICMP' THEN 1 WHEN 'IPV6-ICMP' THEN 58 WHEN 'SCTP' THEN 132 WHEN 'GRE' THEN 47 WHEN 'ESP' THEN 50 END,
    tcp_flags: flags,
    direction_id: 0
  } END AS connection_info,
  CASE WHEN COALESCE(flowPackets, flowBytes) IS NOT NULL
    THEN {packets: try_cast(flowPackets AS BIGINT), bytes: try_cast(flowBytes AS BIGINT)} END AS traffic,
  app AS app_name,
  CASE WHEN signatureId IS NOT NULL THEN {
    uid: signatureId,
    name: NULLIF(signature, ''),
    category: NULLIF(signatureCategory, ''),
    version: signatureRevision
  } END AS firewall_rule,
  -- OCSF wants a version; the TLS engine does not log it.
  CASE WHEN COALESCE(server_name, tlsVersion) IS NOT NULL OR has_certificate THEN {
    version: COALESCE(tlsVersion, 'Unknown'),
    sni: server_name,
    certificate: CASE WHEN has_certificate THEN {
      subject: tlsSubject,
      issuer: tlsIssuer,
      serial_number: tlsSerial,
      fingerprints: [{algorithm_id: 2, algorithm: 'SHA-1', value: replace(tlsFingerprint, ':', '')}],
      created_time_dt: utc_time(tlsNotBefore),
      expiration_time_dt: utc_time(tlsNotAfter)
    } END
  } END AS tls,
  CASE WHEN httpUrl IS NOT NULL THEN {
    path: httpUrl,
    hostname: CASE WHEN regexp_full_match(httpHost, '(([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])') THEN httpHost END
  } END AS url,
  -- Copies of what has no column in this record.
  map_from_entries(list_filter([
    {k: 'event.sni', v: CASE WHEN alertSni IS NOT NULL OR sni = '-' THEN sni END},
    {k: 'event.app_proto', v: CASE WHEN appProto = 'failed' THEN appProto END},
    {k: 'event.tls.subject', v: CASE WHEN NOT has_certificate THEN tlsSubject END},
    {k: 'event.tls.issuerdn', v: CASE WHEN NOT has_certificate THEN tlsIssuer END},
    {k: 'event.tls.serial', v: CASE WHEN NOT has_certificate THEN tlsSerial END},
    {k: 'event.tls.fingerprint', v: CASE WHEN NOT has_certificate THEN tlsFingerprint END},
    {k: 'event.tls.notbefore', v: CASE WHEN NOT has_certificate OR utc_time(tlsNotBefore) IS NULL THEN tlsNotBefore END},
    {k: 'event.tls.notafter', v: CASE WHEN NOT has_certificate OR utc_time(tlsNotAfter) IS NULL THEN tlsNotAfter END},
    {k: 'event.tcp.tcp_flags', v: CASE WHEN flags IS NULL THEN tcpFlags END},
    {k: 'event.alert.rev', v: CASE WHEN signatureId IS NULL THEN signatureRevision END},
    {k: 'event.alert.category', v: CASE WHEN signatureId IS NULL THEN signatureCategory END},
    {k: 'event.tls_error.error_message', v: CASE WHEN signature <> '' THEN tlsError END},
    {k: 'event_timestamp', v: CASE WHEN logged IS NULL THEN loggedAt END},
    {k: 'key_place.account', v: CASE WHEN owner <> keyAccount THEN keyAccount END}
  ], lambda e: e.v IS NOT NULL)) AS unmapped,
  CASE
    WHEN happenedAt IS NOT NULL AND happened IS NULL THEN 'time.invalid: event.timestamp is no time: ' || happenedAt
    WHEN flowStart IS NOT NULL AND started IS NULL THEN 'time.invalid: event.netflow.start is no time: ' || flowStart
    WHEN flowEnd IS NOT NULL AND ended IS NULL THEN 'time.invalid: event.netflow.end is no time: ' || flowEnd
    WHEN srcPort IS NOT NULL AND try_cast(srcPort AS USMALLINT) IS NULL THEN 'port.invalid: event.src_port is no port: ' || srcPort
    WHEN destPort IS NOT NULL AND try_cast(destPort AS USMALLINT) IS NULL THEN 'port.invalid: event.dest_port is no port: ' || destPort
    WHEN flowPackets IS NOT NULL AND try_cast(flowPackets AS BIGINT) IS NULL THEN 'packets.invalid: ' || flowPackets
    WHEN flowBytes IS NOT NULL AND try_cast(flowBytes AS BIGINT) IS NULL THEN 'bytes.invalid: ' || flowBytes
  END AS _error
FROM told
