-- One message of an ASA or FTD -> the class of its topic. The decoder has understood the texts of the documented messages; the
-- whole text is always in `message`, so that nothing hangs on that.
WITH classes AS (
  SELECT *,
    CASE topic WHEN 'flow' THEN 4001 WHEN 'http' THEN 4002 WHEN 'finding' THEN 2004 WHEN 'sign-in' THEN 3002 WHEN 'account' THEN 3001 WHEN 'config' THEN 3004 ELSE 0 END AS class_uid,
    COALESCE(userName, srcUser) AS login,
    COALESCE(userDomain, srcDomain) AS login_domain,
    utc_time("at") AS happened,
    try_cast(try_cast(seconds AS BIGINT) * 1000 AS INTEGER) AS duration_ms,
    COALESCE(denied = 'true', false) AS is_denied,
    COALESCE(deviceName, deviceHost, deviceIp) AS firewall_name
  FROM raw
),
f AS (
  SELECT *,
    class_uid IN (4001, 4002) AS is_flow,
    class_uid IN (4001, 4002, 2004) AS is_network,
    CASE WHEN class_uid IN (4001, 4002, 2004, 3001, 3002) AND COALESCE(srcIp, srcHost, srcName, srcInterface) IS NOT NULL THEN {
      ip: srcIp,
      port: try_cast(srcPort AS INTEGER),
      hostname: srcHost,
      name: srcName,
      svc_name: srcService,
      interface_name: srcInterface,
      intermediate_ips: CASE WHEN srcMapped <> srcIp OR srcIp IS NULL THEN CASE WHEN srcMapped IS NOT NULL THEN [srcMapped] END END
    } END AS src_end,
    CASE WHEN class_uid IN (4001, 4002, 2004, 3002) AND COALESCE(dstIp, dstHost, dstName, dstInterface) IS NOT NULL THEN {
      ip: dstIp,
      port: try_cast(dstPort AS INTEGER),
      hostname: dstHost,
      name: dstName,
      svc_name: dstService,
      interface_name: dstInterface,
      intermediate_ips: CASE WHEN dstMapped <> dstIp OR dstIp IS NULL THEN CASE WHEN dstMapped IS NOT NULL THEN [dstMapped] END END
    } END AS dst_end,
    CASE WHEN class_uid IN (4001, 4002, 2004) THEN {
      uid: connection,
      protocol_name: lower(protocol),
      protocol_num: CASE lower(protocol) WHEN 'icmp' THEN 1 WHEN 'tcp' THEN 6 WHEN 'udp' THEN 17 WHEN 'gre' THEN 47 WHEN 'esp' THEN 50 WHEN 'ipv6-icmp' THEN 58 WHEN 'icmp6' THEN 58 WHEN 'sctp' THEN 132
        ELSE CASE WHEN regexp_full_match(protocol, '[0-9]{1,3}') THEN try_cast(protocol AS INTEGER) END END,
      protocol_ver_id: CASE WHEN contains(srcIp, ':') THEN 6 WHEN srcIp IS NOT NULL THEN 4 END,
      direction_id: CASE direction WHEN 'inbound' THEN 1 WHEN 'outbound' THEN 2 ELSE 0 END
    } END AS link
  FROM classes
)
SELECT
  _raw,
  class_uid,
  CASE class_uid
    WHEN 4001 THEN CASE activity WHEN 'open' THEN 1 WHEN 'close' THEN 2 WHEN 'reset' THEN 3 WHEN 'fail' THEN 4 WHEN 'refuse' THEN 5 WHEN 'traffic' THEN 6 ELSE 99 END
    -- The method is not logged.
    WHEN 4002 THEN 0
    WHEN 2004 THEN 1
    WHEN 3002 THEN CASE activity WHEN 'logon' THEN 1 WHEN 'logoff' THEN 2 ELSE 99 END
    WHEN 3001 THEN CASE activity WHEN 'create' THEN 1 WHEN 'unlock' THEN 2 WHEN 'delete' THEN 6 WHEN 'lock' THEN 9 ELSE 99 END
    WHEN 3004 THEN CASE activity WHEN 'read' THEN 2 WHEN 'update' THEN 3 ELSE 99 END
    ELSE 99
  END AS activity_id,
  CASE
    WHEN class_uid = 0 THEN messageId
    WHEN activity NOT IN ('open', 'close', 'reset', 'fail', 'refuse', 'traffic', 'request', 'logon', 'logoff', 'create', 'unlock', 'delete', 'lock', 'read', 'update') THEN activity
  END AS activity_name,
  happened AS time_dt,
  COALESCE(utc_time(started), CASE WHEN class_uid = 4001 AND activity IN ('close', 'reset', 'fail') THEN happened - to_milliseconds(duration_ms) END) AS start_time_dt,
  CASE WHEN class_uid = 4001 AND activity IN ('close', 'reset', 'fail') THEN happened END AS end_time_dt,
  duration_ms AS duration,
  try_cast(hits AS INTEGER) AS count,
  try_cast(zoneOffset AS INTEGER) AS timezone_offset,
  -- The level after what Cisco's words say: 0 unusable, 1 action needed at once, 2 critical, 3 error, 4 warning.
  CASE WHEN threatLevel IS NOT NULL
    THEN CASE lower(threatLevel) WHEN 'very-high' THEN 5 WHEN 'high' THEN 4 WHEN 'moderate' THEN 3 WHEN 'medium' THEN 3 WHEN 'low' THEN CASE WHEN class_uid = 4001 THEN 1 ELSE 2 END
      WHEN 'very-low' THEN 1 ELSE 0 END
    ELSE CASE logLevel WHEN '0' THEN 5 WHEN '1' THEN 4 WHEN '2' THEN 4 WHEN '3' THEN 3 WHEN '4' THEN 2 ELSE 1 END END AS severity_id,
  CASE WHEN class_uid = 2004 THEN 1 WHEN class_uid = 3002 THEN CASE WHEN failed = 'true' THEN 2 ELSE 1 END WHEN class_uid IN (3001, 3004) THEN 1 END AS status_id,
  reason AS status_detail,
  message,
  {
    event_code: messageId,
    log_name: mnemonic,
    log_level: logLevel,
    original_time: original,
    product: {name: CASE product WHEN 'FTD' THEN 'Firepower Threat Defense' ELSE product END, vendor_name: 'Cisco'}
  } AS metadata,
  CASE WHEN is_flow OR class_uid IN (3001, 3002) THEN src_end END AS src_endpoint,
  CASE WHEN is_flow THEN dst_end
    WHEN class_uid = 3002 THEN COALESCE(dst_end, CASE WHEN firewall_name IS NOT NULL THEN
      {ip: deviceIp, port: NULL, hostname: deviceHost, name: deviceName, svc_name: NULL, interface_name: NULL, intermediate_ips: NULL} END) END AS dst_endpoint,
  CASE WHEN is_flow THEN link END AS connection_info,
  CASE WHEN is_flow AND COALESCE(bytes, bytesIn, bytesOut, packetsIn, packetsOut) IS NOT NULL THEN {
    bytes: COALESCE(try_cast(bytes AS BIGINT), try_cast(bytesIn AS BIGINT) + try_cast(bytesOut AS BIGINT)),
    bytes_in: try_cast(bytesIn AS BIGINT),
    bytes_out: try_cast(bytesOut AS BIGINT),
    packets: try_cast(packetsIn AS BIGINT) + try_cast(packetsOut AS BIGINT),
    packets_in: try_cast(packetsIn AS BIGINT),
    packets_out: try_cast(packetsOut AS BIGINT)
  } END AS traffic,
  CASE WHEN is_flow THEN app END AS app_name,
  CASE WHEN class_uid = 4001 AND url IS NOT NULL THEN {url_string: url} END AS url,
  CASE WHEN is_network THEN CASE WHEN is_denied THEN 2 WHEN is_flow AND activity IN ('open', 'close', 'reset', 'traffic', 'request') THEN 1 ELSE 0 END END AS action_id,
  CASE WHEN is_network THEN CASE WHEN is_denied THEN 2 WHEN class_uid = 2004 THEN 19 WHEN is_flow AND activity IN ('open', 'close', 'reset', 'traffic', 'request') THEN 1 ELSE 0 END END AS disposition_id,
  CASE WHEN is_network AND rule IS NOT NULL THEN {name: rule} END AS firewall_rule,
  CASE WHEN class_uid <> 0 AND firewall_name IS NOT NULL THEN {name: firewall_name, hostname: deviceHost, ip: deviceIp, type_id: 9, type: 'Firewall'} END AS device,
  CASE WHEN login IS NOT NULL AND class_uid NOT IN (0, 3002) THEN {user: {name: login, domain: login_domain}} END AS actor,
  CASE
    WHEN class_uid = 3002 THEN {name: login, domain: login_domain, type_id: CASE WHEN isAdmin = 'true' THEN 2 ELSE 1 END, groups: CASE WHEN userGroup IS NOT NULL THEN [{name: userGroup}] END}
    WHEN class_uid = 3001 THEN {name: account, domain: NULL, type_id: 2, groups: NULL}
  END AS user,
  CASE WHEN class_uid = 3002 AND service IS NOT NULL THEN {name: service} END AS service,
  CASE WHEN class_uid = 3004 THEN {name: COALESCE(firewall_name, 'configuration'), type: 'configuration', data: command} END AS entity,
  CASE WHEN class_uid = 4002 THEN {url: CASE WHEN url IS NOT NULL THEN {url_string: url} END} END AS http_request,
  -- The ASA logs the request, not what the server answered.
  CASE WHEN class_uid = 4002 THEN {code: 0, status: 'Unknown'} END AS http_response,
  CASE WHEN class_uid = 2004 THEN {
    uid: concat_ws(':', firewall_name, messageId, signature, connection, "at", left(md5(message), 16)),
    title: COALESCE(title, 'Security event'),
    "desc": reason,
    types: CASE WHEN category IS NOT NULL THEN [category] END,
    created_time_dt: happened,
    analytic: {name: title, uid: COALESCE(signature, messageId), type_id: CASE WHEN category = 'threat detection' THEN 3 ELSE 1 END, type: CASE WHEN category = 'threat detection' THEN 'Statistical' ELSE 'Rule' END, category: category}
  } END AS finding_info,
  CASE WHEN class_uid = 2004 AND category = 'malware' AND title IS NOT NULL THEN [{name: title, provider: 'Cisco', classification_ids: [0]}] END AS malware,
  CASE WHEN class_uid = 2004 AND (src_end IS NOT NULL OR dst_end IS NOT NULL OR fileName IS NOT NULL) THEN [{
    src_endpoint: src_end,
    dst_endpoint: dst_end,
    connection_info: link,
    file: CASE WHEN fileName IS NOT NULL THEN {name: fileName, type_id: 1, hashes: CASE WHEN len(fileHash) = 64 THEN [{algorithm_id: 3, algorithm: 'SHA-256', value: fileHash}] END} END
  }] END AS evidences,
  CAST(json_merge_patch(COALESCE(CAST(pairs AS JSON), '{}'), to_json({
    -- What the class of this message has no place for and the message does not say as such.
    hostname: CASE WHEN class_uid = 0 THEN firewall_name END,
    "group": CASE WHEN class_uid <> 3002 THEN userGroup END,
    command: CASE WHEN class_uid = 3001 THEN command END,
    running: CASE WHEN class_uid IN (3001, 3004) THEN service END,
    source: CASE WHEN class_uid = 3004 THEN srcIp END
  })) AS MAP(VARCHAR, VARCHAR)) AS unmapped
FROM f
