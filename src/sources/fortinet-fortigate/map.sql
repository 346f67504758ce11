-- One FortiGate log -> the class of its type. The decoder has read the time, checked addresses and host names, and put what is
-- not used here into `others`.
WITH kinds AS (
  SELECT *,
    -- Versions before 5.4 name the security profile in `type`.
    CASE WHEN logType = 'utm' THEN COALESCE(subtype, 'utm') WHEN logType IN ('traffic', 'event') THEN NULL ELSE logType END AS profile,
    lower(COALESCE(logAction, '')) AS verb,
    lower(COALESCE(status, '')) AS outcome,
    COALESCE(srcip, remip, uiip) AS peer,
    logType = 'event' AND remip IS NOT NULL AND srcip IS NULL AS is_vpn,
    -- Over IPsec either side may begin; the log says which.
    COALESCE(vpnInit = 'local' OR vpnRole = 'initiator', false) AS is_outgoing_vpn
  FROM raw
),
ends AS (
  SELECT *,
    (COALESCE(srcip, srcname, srcnameText, srcintf) IS NOT NULL AND COALESCE(dstip, dstname, dstnameText, hostName, hostText, dstintf) IS NOT NULL)
      -- An SSL VPN connection ends at the FortiGate itself, which the log does not name as an address.
      OR (is_vpn AND COALESCE(locip, devname, devid) IS NOT NULL) AS has_ends
  FROM kinds
),
classes AS (
  SELECT *,
    CASE
      WHEN profile IN ('virus', 'ips', 'anomaly', 'waf', 'dlp', 'virtual-patch') THEN 2004
      WHEN profile = 'webfilter' AND has_ends THEN 4002
      WHEN profile = 'dns' AND srcip IS NOT NULL THEN 4003
      WHEN logType = 'event' AND cfgpath IN ('system.admin', 'system.api-user', 'user.local') AND cfgobj IS NOT NULL THEN 3001
      WHEN logType = 'event' AND cfgpath IS NOT NULL THEN 3004
      WHEN logType = 'event' AND userName IS NOT NULL AND (
        (subtype = 'system' AND verb IN ('login', 'logout'))
        OR (subtype = 'user' AND regexp_matches(verb, 'log(in|on|out|off)|^authentication$|^auth-'))
        OR (subtype = 'vpn' AND (verb = 'ssl-login-fail' OR (verb IN ('tunnel-up', 'tunnel-down') AND starts_with(tunneltype, 'ssl'))))
      ) THEN 3002
      WHEN has_ends THEN 4001
      ELSE 0
    END AS class_uid
  FROM ends
),
f AS (
  SELECT *,
    class_uid IN (4001, 4002, 4003, 2004) AS is_network,
    class_uid IN (4001, 4002, 4003) AS is_flow,
    CASE
      WHEN regexp_full_match(verb, 'deny|denied|block(ed)?|drop(ped)?([-_]session)?|(clear|reset)[-_]session|reset([-_](client|server|both))?|quarantine(d)?|ban(ned)?|redirect') THEN 2
      WHEN regexp_full_match(lower(COALESCE(utmaction, '')), 'block(ed)?|drop(ped)?|reset|quarantine(d)?') THEN 2
      WHEN logType = 'event' OR verb = '' THEN 0
      WHEN regexp_full_match(verb, 'accept|start|close|timeout|ip-conn|dns|.*-rst|pass(ed|through|_session|-session)?|allow(ed)?|permit|detected?|monitor(ed)?|log(ged|-only)?|exempt(ed)?|analytics|submitted|info|warning') THEN 1
      ELSE 99
    END AS action_id,
    CASE COALESCE(CASE WHEN profile IN ('ips', 'anomaly', 'dlp', 'waf') THEN severity END, CASE WHEN profile = 'virus' THEN crlevel END, logLevel)
      -- Of a log: the system is unusable, action is needed at once. Of a signature: its own scale.
      WHEN 'emergency' THEN 5 WHEN 'alert' THEN 4 WHEN 'critical' THEN CASE WHEN profile IS NULL THEN 4 ELSE 5 END
      WHEN 'high' THEN 4 WHEN 'error' THEN 3 WHEN 'medium' THEN 3 WHEN 'warning' THEN 2 WHEN 'low' THEN 2
      WHEN 'notice' THEN 1 WHEN 'information' THEN 1 WHEN 'debug' THEN 1 WHEN 'info' THEN 1 ELSE 0
    END AS severity_id,
    CASE
      WHEN regexp_matches(outcome, 'fail|error|denied|deny|timed_out|invalid|locked|disabled') OR verb = 'ssl-login-fail' THEN 2
      WHEN regexp_matches(outcome, 'success|logon|logout|logoff') OR outcome IN ('ok', 'up') THEN 1
      WHEN class_uid = 3002 THEN 1
      ELSE 0
    END AS outcome_id,
    COALESCE(virus, attack, msg, logdesc, catdesc, eventtype, profile) AS finding,
    try_cast(proto AS INTEGER) AS protocol,
    try_cast(sentbyte AS BIGINT) AS bytes_out,
    try_cast(rcvdbyte AS BIGINT) AS bytes_in,
    try_cast(sentpkt AS BIGINT) AS packets_out,
    try_cast(rcvdpkt AS BIGINT) AS packets_in,
    try_cast(try_cast(duration AS BIGINT) * 1000 AS INTEGER) AS duration_ms,
    CASE WHEN is_vpn AND is_outgoing_vpn THEN locip WHEN is_vpn THEN remip ELSE srcip END AS src_ip,
    CASE WHEN is_vpn AND is_outgoing_vpn THEN remip WHEN is_vpn THEN locip ELSE dstip END AS dst_ip,
    try_cast(CASE WHEN is_vpn AND is_outgoing_vpn THEN locport WHEN is_vpn THEN remport ELSE srcport END AS INTEGER) AS src_port,
    try_cast(CASE WHEN is_vpn AND is_outgoing_vpn THEN remport WHEN is_vpn THEN locport ELSE dstport END AS INTEGER) AS dst_port,
    -- The FortiGate's own end of a tunnel.
    CASE WHEN is_vpn THEN COALESCE(devname, devid) END AS local_name,
    utc_time("at") AS happened
  FROM classes
),
g AS (
  SELECT *,
    CASE WHEN is_network AND COALESCE(src_ip, srcname, srcnameText, srcintf, local_name) IS NOT NULL THEN {
      ip: src_ip,
      port: src_port,
      hostname: srcname,
      name: COALESCE(srcnameText, CASE WHEN src_ip IS NULL THEN local_name END),
      mac: srcmac,
      interface_name: srcintf,
      intermediate_ips: CASE WHEN transip NOT IN ('0.0.0.0', '::') THEN [transip] END,
      location: CASE WHEN srcCode IS NOT NULL THEN {country: srcCode, "desc": srccountry} END
    } END AS src_end,
    CASE WHEN is_network AND COALESCE(dst_ip, dstname, dstnameText, hostName, hostText, dstintf, service, local_name) IS NOT NULL THEN {
      ip: dst_ip,
      port: dst_port,
      hostname: COALESCE(dstname, hostName),
      name: COALESCE(dstnameText, hostText, CASE WHEN dst_ip IS NULL THEN local_name END),
      mac: dstmac,
      interface_name: dstintf,
      svc_name: service,
      intermediate_ips: CASE WHEN tranip NOT IN ('0.0.0.0', '::') THEN [tranip] END,
      location: CASE WHEN dstCode IS NOT NULL THEN {country: dstCode, "desc": dstcountry} END
    } END AS dst_end,
    CASE WHEN is_network THEN {
      uid: sessionid,
      protocol_num: protocol,
      protocol_name: CASE protocol WHEN 1 THEN 'icmp' WHEN 6 THEN 'tcp' WHEN 17 THEN 'udp' WHEN 47 THEN 'gre' WHEN 50 THEN 'esp' WHEN 58 THEN 'ipv6-icmp' END,
      protocol_ver_id: CASE WHEN contains(src_ip, ':') THEN 6 WHEN src_ip IS NOT NULL THEN 4 END,
      direction_id: CASE
        WHEN direction = 'incoming' OR (is_vpn AND NOT is_outgoing_vpn) THEN 1
        WHEN direction = 'outgoing' OR is_vpn THEN 2
        WHEN srcintfrole = 'lan' AND dstintfrole = 'wan' THEN 2
        WHEN srcintfrole = 'wan' AND dstintfrole IN ('lan', 'dmz') THEN 1
        WHEN srcintfrole = 'lan' AND dstintfrole = 'lan' THEN 3
        ELSE 0 END
    } END AS connection,
    CASE WHEN COALESCE(devname, devid, deviceIp, deviceHost, deviceName) IS NOT NULL AND class_uid <> 0
      THEN {name: COALESCE(devname, deviceName), uid: devid, hostname: deviceHost, ip: deviceIp, type_id: 9, type: 'Firewall'} END AS firewall,
    CASE WHEN filename IS NOT NULL THEN {
      name: filename,
      type_id: 1,
      size: try_cast(filesize AS BIGINT),
      hashes: CASE WHEN len(COALESCE(analyticscksum, filehash)) = 64 THEN [{algorithm_id: 3, algorithm: 'SHA-256', value: COALESCE(analyticscksum, filehash)}] END
    } END AS carried
  FROM f
)
SELECT
  _raw,
  class_uid,
  CASE class_uid
    WHEN 4001 THEN CASE
      WHEN is_vpn THEN CASE WHEN outcome_id = 2 THEN 4 WHEN verb IN ('tunnel-up', 'ssl-new-con') THEN 1 WHEN verb = 'tunnel-down' THEN 2 WHEN verb = 'tunnel-stats' THEN 6 ELSE 99 END
      WHEN logType = 'event' THEN 99
      WHEN verb = 'deny' THEN 5
      WHEN verb = 'start' THEN 1
      WHEN verb IN ('close', 'timeout') THEN 2
      WHEN ends_with(verb, '-rst') THEN 3
      WHEN verb IN ('ip-conn', 'dns') THEN 4
      WHEN action_id = 2 AND profile IS NOT NULL THEN 5
      ELSE 6 END
    WHEN 4002 THEN CASE requestMethod WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3 WHEN 'HEAD' THEN 4 WHEN 'OPTIONS' THEN 5
      WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8 ELSE CASE WHEN httpmethod IS NULL THEN 0 ELSE 99 END END
    WHEN 4003 THEN CASE eventtype WHEN 'dns-query' THEN 1 WHEN 'dns-response' THEN 2 ELSE 6 END
    WHEN 2004 THEN 1
    WHEN 3002 THEN CASE WHEN regexp_matches(verb, 'log(out|off)') OR verb = 'tunnel-down' THEN 2 ELSE 1 END
    WHEN 3001 THEN CASE
      WHEN verb = 'add' THEN 1 WHEN verb = 'delete' THEN 6
      WHEN regexp_matches(cfgattr, '(?i)passw') THEN CASE WHEN userName = cfgobj THEN 3 ELSE 4 END
      ELSE 99 END
    WHEN 3004 THEN CASE verb WHEN 'add' THEN 1 WHEN 'edit' THEN 3 WHEN 'move' THEN 3 WHEN 'rename' THEN 3 WHEN 'delete' THEN 4 ELSE 99 END
    ELSE 99
  END AS activity_id,
  CASE
    WHEN class_uid = 4001 AND logType = 'event' AND NOT (outcome_id = 2 OR verb IN ('tunnel-up', 'ssl-new-con', 'tunnel-down', 'tunnel-stats')) THEN COALESCE(logAction, logdesc)
    WHEN class_uid = 4002 AND requestMethod IS NULL THEN httpmethod
    WHEN class_uid IN (3001, 3004) AND verb NOT IN ('add', 'edit', 'move', 'rename', 'delete') THEN logAction
    WHEN class_uid = 0 THEN COALESCE(logAction, logdesc, eventtype, subtype)
  END AS activity_name,
  happened AS time_dt,
  CASE WHEN logType = 'traffic' AND duration_ms IS NOT NULL THEN happened - to_milliseconds(duration_ms) END AS start_time_dt,
  CASE WHEN logType = 'traffic' AND duration_ms IS NOT NULL THEN happened END AS end_time_dt,
  duration_ms AS duration,
  try_cast(repeats AS INTEGER) AS count,
  try_cast(zoneOffset AS INTEGER) AS timezone_offset,
  severity_id,
  CASE WHEN class_uid = 2004 THEN 1 WHEN class_uid IN (3001, 3004) AND outcome_id = 0 THEN 1 WHEN NOT is_flow OR is_vpn THEN outcome_id END AS status_id,
  status AS status_code,
  reason AS status_detail,
  COALESCE(msg, logdesc) AS message,
  {
    event_code: logid,
    log_name: concat_ws(':', logType, subtype),
    log_level: logLevel,
    original_time: nullif(concat_ws(' ', logDate, logTime, tz), ''),
    product: {name: 'FortiGate', vendor_name: 'Fortinet', uid: devid, version: productVersion, feature: CASE WHEN subtype IS NOT NULL THEN {name: subtype} END}
  } AS metadata,
  CASE WHEN is_flow THEN src_end WHEN class_uid IN (3001, 3002) AND peer IS NOT NULL THEN {ip: peer, port: CASE WHEN class_uid = 3002 THEN src_port END} END AS src_endpoint,
  CASE WHEN is_flow THEN dst_end WHEN class_uid = 3002 AND COALESCE(dstip, devname, devid) IS NOT NULL
    THEN {ip: dstip, port: dst_port, name: CASE WHEN dstip IS NULL THEN COALESCE(devname, devid) END} END AS dst_endpoint,
  CASE WHEN is_flow THEN connection END AS connection_info,
  CASE WHEN is_flow AND COALESCE(bytes_out, bytes_in, packets_out, packets_in) IS NOT NULL THEN {
    bytes: CASE WHEN COALESCE(bytes_out, bytes_in) IS NOT NULL THEN COALESCE(bytes_out, 0) + COALESCE(bytes_in, 0) END,
    bytes_out: bytes_out,
    bytes_in: bytes_in,
    packets: CASE WHEN COALESCE(packets_out, packets_in) IS NOT NULL THEN COALESCE(packets_out, 0) + COALESCE(packets_in, 0) END,
    packets_out: packets_out,
    packets_in: packets_in
  } END AS traffic,
  CASE WHEN is_flow THEN app END AS app_name,
  CASE WHEN is_network THEN action_id END AS action_id,
  CASE WHEN is_network AND action_id = 99 THEN COALESCE(logAction, utmaction) END AS action,
  CASE WHEN is_network THEN CASE
    WHEN starts_with(verb, 'quarantine') THEN 3
    WHEN starts_with(verb, 'drop') THEN 6
    WHEN starts_with(verb, 'reset') OR verb = 'clear_session' THEN 21
    WHEN starts_with(verb, 'detect') THEN 15
    WHEN starts_with(verb, 'monitor') OR starts_with(verb, 'log') THEN 17
    WHEN action_id = 2 THEN 2
    WHEN action_id = 1 THEN 1
    ELSE action_id END
  END AS disposition_id,
  CASE WHEN is_network AND action_id = 99 THEN COALESCE(logAction, utmaction) END AS disposition,
  CASE WHEN is_network AND COALESCE(policyid, policyname) IS NOT NULL THEN {uid: policyid, name: policyname, type: policytype} END AS firewall_rule,
  firewall AS device,
  CASE WHEN userName IS NOT NULL AND class_uid NOT IN (0, 3002)
    THEN {user: {name: userName, domain: userDomain, groups: CASE WHEN groupName IS NOT NULL THEN [{name: groupName}] END}} END AS actor,
  CASE
    WHEN class_uid = 3002 THEN {name: userName, domain: userDomain, type_id: CASE WHEN subtype = 'system' THEN 2 ELSE 1 END, groups: CASE WHEN groupName IS NOT NULL THEN [{name: groupName}] END}
    WHEN class_uid = 3001 THEN {name: cfgobj, domain: NULL, type_id: CASE WHEN cfgpath = 'user.local' THEN 1 ELSE 2 END, groups: NULL}
  END AS user,
  CASE WHEN class_uid = 3002 THEN {name: CASE subtype WHEN 'system' THEN 'FortiGate administration' WHEN 'vpn' THEN 'FortiGate SSL VPN' ELSE 'FortiGate user authentication' END} END AS service,
  CASE WHEN class_uid = 3002 AND authproto IS NOT NULL THEN 99 END AS auth_protocol_id,
  CASE WHEN class_uid = 3002 THEN authproto END AS auth_protocol,
  CASE WHEN class_uid = 3004 THEN {name: COALESCE(cfgobj, cfgpath), type: cfgpath, data: cfgattr} END AS entity,
  CASE WHEN class_uid = 4002 THEN {
    http_method: requestMethod,
    user_agent: agent,
    referrer: referralurl,
    x_forwarded_for: CASE WHEN forwardedfor IS NOT NULL THEN [forwardedfor] END,
    url: CASE WHEN COALESCE(url, hostName, hostText) IS NOT NULL THEN {
      url_string: CASE WHEN urlScheme IS NULL AND COALESCE(hostName, hostText) IS NOT NULL AND lower(service) IN ('http', 'https')
        THEN lower(service) || '://' || COALESCE(hostName, hostText) || COALESCE(url, '/') ELSE COALESCE(url, hostName, hostText) END,
      hostname: COALESCE(urlHost, hostName),
      port: try_cast(urlPort AS INTEGER),
      path: urlPath,
      query_string: urlQuery,
      scheme: COALESCE(urlScheme, CASE WHEN lower(service) IN ('http', 'https') THEN lower(service) END),
      categories: CASE WHEN catdesc IS NOT NULL THEN [catdesc] END
    } END
  } END AS http_request,
  -- FortiOS logs what it did with a request, not what the server answered.
  CASE WHEN class_uid = 4002 THEN {code: 0, status: 'Unknown'} END AS http_response,
  CASE WHEN class_uid = 4003 AND qname IS NOT NULL THEN {hostname: qname, type: qtype, class: qclass, packet_uid: try_cast(dnsId AS INTEGER)} END AS query,
  CASE WHEN class_uid = 4003 THEN list_transform(from_json(answers, '["VARCHAR"]'), lambda a: {rdata: a, type: qtype, class: qclass}) END AS answers,
  CASE WHEN class_uid = 2004 THEN {
    uid: concat_ws(':', devid, logid, COALESCE(incidentserialno, sessionid), COALESCE(eventtime, "at")),
    title: COALESCE(finding, 'Security event'),
    "desc": msg,
    types: list_filter([profile, eventtype], lambda t: t IS NOT NULL),
    src_url: ref,
    created_time_dt: happened,
    analytic: CASE WHEN COALESCE(attack, attackid, virus, virusid) IS NOT NULL THEN {
      name: COALESCE(virus, attack),
      uid: COALESCE(virusid, attackid),
      type_id: CASE WHEN profile = 'anomaly' THEN 3 ELSE 1 END,
      type: CASE WHEN profile = 'anomaly' THEN 'Statistical' ELSE 'Rule' END,
      category: profile
    } END
  } END AS finding_info,
  CASE WHEN class_uid = 2004 THEN try_cast(crscore AS INTEGER) END AS risk_score,
  CASE WHEN class_uid = 2004 AND COALESCE(virus, virusid) IS NOT NULL THEN [{
    name: virus,
    uid: virusid,
    provider: 'Fortinet',
    classification_ids: [CASE WHEN lower(dtype) = 'virus' THEN 19 WHEN starts_with(lower(dtype), 'botnet') THEN 3 ELSE 0 END]
  }] END AS malware,
  CASE WHEN class_uid = 2004 AND (src_end IS NOT NULL OR dst_end IS NOT NULL OR carried IS NOT NULL)
    THEN [{src_endpoint: src_end, dst_endpoint: dst_end, connection_info: connection, file: carried}] END AS evidences,
  CAST(json_merge_patch(COALESCE(CAST(others AS JSON), '{}'), to_json({
    -- What the class of this log has no place for.
    srccountry: CASE WHEN srcCode IS NULL OR NOT is_network THEN srccountry END,
    dstcountry: CASE WHEN dstCode IS NULL OR NOT is_network THEN dstcountry END,
    duration: CASE WHEN duration_ms IS NULL THEN duration END,
    srcip: CASE WHEN (NOT is_network AND class_uid NOT IN (3001, 3002)) OR is_vpn THEN srcip END,
    dstip: CASE WHEN (NOT is_network AND class_uid <> 3002) OR is_vpn THEN dstip END,
    srcport: CASE WHEN (NOT is_network AND class_uid <> 3002) OR is_vpn THEN srcport END,
    dstport: CASE WHEN (NOT is_network AND class_uid <> 3002) OR is_vpn THEN dstport END,
    srcintf: CASE WHEN NOT is_network THEN srcintf END,
    dstintf: CASE WHEN NOT is_network THEN dstintf END,
    srcname: CASE WHEN NOT is_network THEN COALESCE(srcname, srcnameText) END,
    dstname: CASE WHEN NOT is_network THEN COALESCE(dstname, dstnameText) END,
    srcmac: CASE WHEN NOT is_network THEN srcmac END,
    dstmac: CASE WHEN NOT is_network THEN dstmac END,
    hostname: CASE WHEN NOT is_network OR dstname IS NOT NULL THEN COALESCE(hostName, hostText) END,
    transip: CASE WHEN NOT is_network OR transip IN ('0.0.0.0', '::') THEN transip END,
    tranip: CASE WHEN NOT is_network OR tranip IN ('0.0.0.0', '::') THEN tranip END,
    sessionid: CASE WHEN NOT is_network THEN sessionid END,
    proto: CASE WHEN NOT is_network THEN proto END,
    service: CASE WHEN NOT is_network THEN service END,
    app: CASE WHEN NOT is_flow THEN app END,
    sentbyte: CASE WHEN NOT is_flow THEN sentbyte END,
    rcvdbyte: CASE WHEN NOT is_flow THEN rcvdbyte END,
    sentpkt: CASE WHEN NOT is_flow THEN sentpkt END,
    rcvdpkt: CASE WHEN NOT is_flow THEN rcvdpkt END,
    policyid: CASE WHEN NOT is_network THEN policyid END,
    policyname: CASE WHEN NOT is_network THEN policyname END,
    policytype: CASE WHEN NOT is_network OR COALESCE(policyid, policyname) IS NULL THEN policytype END,
    "user": CASE WHEN class_uid = 0 THEN userText END,
    "group": CASE WHEN class_uid = 0 OR userName IS NULL THEN groupName END,
    logdesc: CASE WHEN msg IS NOT NULL THEN logdesc END,
    url: CASE WHEN class_uid <> 4002 THEN url END,
    agent: CASE WHEN class_uid <> 4002 THEN agent END,
    referralurl: CASE WHEN class_uid <> 4002 THEN referralurl END,
    catdesc: CASE WHEN class_uid <> 4002 THEN catdesc END,
    forwardedfor: CASE WHEN class_uid <> 4002 THEN forwardedfor END,
    qname: CASE WHEN class_uid <> 4003 THEN qname END,
    qtype: CASE WHEN class_uid <> 4003 OR qname IS NULL THEN qtype END,
    qclass: CASE WHEN class_uid <> 4003 OR qname IS NULL THEN qclass END,
    devname: CASE WHEN class_uid = 0 THEN devname END,
    "syslog.hostname": CASE WHEN class_uid = 0 OR devname IS NOT NULL THEN COALESCE(deviceName, CASE WHEN class_uid = 0 THEN COALESCE(deviceHost, deviceIp) END) END,
    logver: CASE WHEN logver IS DISTINCT FROM productVersion THEN logver END
  })) AS MAP(VARCHAR, VARCHAR)) AS unmapped
FROM g
