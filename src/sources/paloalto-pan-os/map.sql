-- One PAN-OS log -> the class of its type. The decoder has named the columns, read times, users and URLs, checked addresses, and
-- put what is not used here into `others`.
WITH kinds AS (
  SELECT *,
    upper(replace(COALESCE(logType, ''), '-', '')) AS kind,
    lower(COALESCE(subtype, '')) AS sub,
    lower(COALESCE(logAction, '')) AS verb,
    lower(COALESCE(stage, '')) AS step,
    COALESCE(nullif(src, '0.0.0.0'), inboundIf) IS NOT NULL AND COALESCE(nullif(dst, '0.0.0.0'), outboundIf) IS NOT NULL AS has_ends,
    -- 0.0.0.0 stands for no address.
    CASE WHEN publicIp <> '0.0.0.0' THEN publicIp WHEN publicIpv6 NOT IN ('0.0.0.0', '::') THEN publicIpv6 END AS outer_ip,
    CASE WHEN privateIp <> '0.0.0.0' THEN privateIp WHEN privateIpv6 NOT IN ('0.0.0.0', '::') THEN privateIpv6 END AS inner_ip
  FROM raw
),
classes AS (
  SELECT *,
    CASE
      WHEN kind IN ('TRAFFIC', 'DECRYPTION', 'START', 'END') AND has_ends THEN 4001
      WHEN kind = 'THREAT' AND sub = 'url' AND has_ends THEN 4002
      WHEN kind IN ('THREAT', 'CORRELATION') THEN 2004
      WHEN kind = 'SYSTEM' AND signInUser IS NOT NULL THEN 3002
      WHEN kind IN ('AUTHENTICATION', 'GLOBALPROTECT') AND userName IS NOT NULL THEN 3002
      WHEN kind = 'USERID' AND sub IN ('login', 'logout') AND userName IS NOT NULL THEN 3002
      WHEN kind = 'CONFIG' AND account IS NOT NULL THEN 3001
      WHEN kind = 'CONFIG' AND cmd IS NOT NULL THEN 3004
      WHEN kind = 'GLOBALPROTECT' AND outer_ip IS NOT NULL AND COALESCE(gateway, portal, deviceName, serial) IS NOT NULL THEN 4001
      WHEN kind = 'HIPMATCH' AND COALESCE(machinename, hostid, src) IS NOT NULL THEN 5002
      ELSE 0
    END AS class_uid
  FROM kinds
),
f AS (
  SELECT *,
    class_uid IN (4001, 4002) AS is_flow,
    class_uid IN (4001, 4002, 2004) AS is_network,
    kind = 'GLOBALPROTECT' AS is_vpn,
    CASE
      WHEN verb = '' THEN 0
      WHEN regexp_full_match(verb, 'deny|drop([- ](icmp|all|packet))?|reset[- ](client|server|both)|block([- ](url|ip|continue|override))?|random-drop|sinkhole|override-lockout') THEN 2
      WHEN regexp_full_match(verb, 'allow|alert|continue|override|forward|wildfire-upload-(success|skip)|allow-.*') THEN 1
      ELSE 99
    END AS action_id,
    CASE lower(severity) WHEN 'critical' THEN 5 WHEN 'high' THEN 4 WHEN 'medium' THEN 3 WHEN 'low' THEN 2 WHEN 'informational' THEN 1
      ELSE CASE WHEN severity IS NULL THEN 1 ELSE 0 END END AS severity_id,
    CASE
      WHEN signInFailed = 'true' OR regexp_matches(lower(concat_ws(' ', status, result, authEvent, CASE WHEN kind = 'AUTHENTICATION' AND authEvent IS NULL THEN authDesc END)),
        'fail|denied|invalid|error|reject|unauthorized|timeout') THEN 2
      WHEN signInFailed = 'false' OR kind = 'USERID' OR regexp_matches(lower(concat_ws(' ', status, result, authEvent, authDesc)), 'succe|submitted|\bok\b') THEN 1
      ELSE 0
    END AS outcome_id,
    COALESCE(threatName, objectname, CASE WHEN kind = 'THREAT' THEN concat_ws(' ', subtype, misc) END, 'Security event') AS finding,
    try_cast(sport AS INTEGER) AS src_port,
    try_cast(dport AS INTEGER) AS dst_port,
    try_cast(bytesSent AS BIGINT) AS bytes_out,
    try_cast(bytesReceived AS BIGINT) AS bytes_in,
    try_cast(pktsSent AS BIGINT) AS packets_out,
    try_cast(pktsReceived AS BIGINT) AS packets_in,
    try_cast(try_cast(elapsed AS BIGINT) * 1000 AS INTEGER) AS duration_ms,
    utc_time("at") AS happened,
    utc_time(startedAt) AS started,
    COALESCE(deviceName, headHost, headName, headIp, serial) IS NOT NULL AS has_device,
    COALESCE(clientOs, osName) AS system_name
  FROM classes
),
g AS (
  SELECT *,
    CASE
      WHEN is_vpn AND class_uid IN (4001, 3002) AND COALESCE(outer_ip, inner_ip, machinename) IS NOT NULL THEN {
        ip: COALESCE(outer_ip, inner_ip), port: NULL, hostname: srcHostname, name: srcHostOther, mac: NULL, interface_name: NULL, zone: NULL, uid: hostid,
        intermediate_ips: CASE WHEN outer_ip IS NOT NULL AND inner_ip IS NOT NULL THEN [inner_ip] END,
        location: CASE WHEN srcCode IS NOT NULL THEN {country: srcCode, "desc": srcregion} END,
        os: CASE WHEN system_name IS NOT NULL THEN {
          name: COALESCE(clientOsVer, system_name), type: system_name,
          type_id: CASE WHEN starts_with(lower(system_name), 'windows') THEN 100 WHEN starts_with(lower(system_name), 'mac') THEN 300 WHEN starts_with(lower(system_name), 'linux') THEN 200
            WHEN starts_with(lower(system_name), 'ios') THEN 301 WHEN starts_with(lower(system_name), 'android') THEN 201 ELSE 99 END
        } END
      }
      WHEN class_uid IN (3001, 3002) AND COALESCE(signInFrom, ip, host) IS NOT NULL THEN {
        ip: COALESCE(signInFrom, ip, host), port: NULL, hostname: srcHostname, name: srcHostOther, mac: srcMac, interface_name: NULL, zone: NULL, uid: NULL,
        intermediate_ips: NULL, location: NULL, os: NULL
      }
      WHEN is_network AND COALESCE(nullif(src, '0.0.0.0'), inboundIf) IS NOT NULL THEN {
        ip: nullif(src, '0.0.0.0'), port: src_port, hostname: srcHostname, name: srcHostOther, mac: srcMac, interface_name: inboundIf, zone: zoneFrom, uid: NULL,
        intermediate_ips: CASE WHEN natsrc NOT IN ('0.0.0.0', '::') AND natsrc <> src THEN [natsrc] END,
        location: CASE WHEN srcCode IS NOT NULL THEN {country: srcCode, "desc": srcloc} END, os: NULL
      }
    END AS src_end,
    CASE
      WHEN is_vpn AND class_uid IN (4001, 3002) AND COALESCE(gateway, portal, deviceName, serial) IS NOT NULL THEN {
        ip: NULL, port: NULL, hostname: NULL, name: COALESCE(gateway, portal, deviceName, serial), mac: NULL, interface_name: NULL, zone: NULL, intermediate_ips: NULL, location: NULL
      }
      WHEN class_uid = 3002 AND COALESCE(deviceName, serial) IS NOT NULL THEN {
        ip: NULL, port: NULL, hostname: NULL, name: COALESCE(deviceName, serial), mac: NULL, interface_name: NULL, zone: NULL, intermediate_ips: NULL, location: NULL
      }
      WHEN is_network AND NOT is_vpn AND COALESCE(nullif(dst, '0.0.0.0'), outboundIf) IS NOT NULL THEN {
        ip: nullif(dst, '0.0.0.0'), port: dst_port, hostname: COALESCE(dstHostname, urlHost), name: dstHostOther, mac: dstMac, interface_name: outboundIf, zone: zoneTo,
        intermediate_ips: CASE WHEN natdst NOT IN ('0.0.0.0', '::') AND natdst <> dst THEN [natdst] END,
        location: CASE WHEN dstCode IS NOT NULL THEN {country: dstCode, "desc": dstloc} END
      }
    END AS dst_end,
    CASE WHEN is_network AND NOT is_vpn AND kind <> 'CORRELATION' THEN {
      uid: sessionid,
      protocol_name: lower(proto),
      protocol_num: CASE lower(proto) WHEN 'icmp' THEN 1 WHEN 'tcp' THEN 6 WHEN 'udp' THEN 17 WHEN 'gre' THEN 47 WHEN 'esp' THEN 50 WHEN 'ipv6-icmp' THEN 58 WHEN 'sctp' THEN 132
        ELSE CASE WHEN regexp_full_match(proto, '[0-9]{1,3}') THEN try_cast(proto AS INTEGER) END END,
      protocol_ver_id: CASE WHEN contains(src, ':') THEN 6 WHEN src IS NOT NULL THEN 4 END,
      -- Zones have names of the company's own; which of them is outside is not in the log.
      direction_id: 0
    } WHEN is_network AND is_vpn THEN {uid: NULL, protocol_name: NULL, protocol_num: NULL, protocol_ver_id: NULL, direction_id: 1} END AS connection,
    CASE WHEN class_uid = 2004 AND sub IN ('virus', 'file', 'wildfire', 'wildfire-virus', 'ml-virus', 'data', 'dlp') AND misc IS NOT NULL THEN {
      name: regexp_extract(misc, '[^/\\]*$'),
      path: CASE WHEN regexp_matches(misc, '[/\\]') THEN misc END,
      type: filetype,
      type_id: 1,
      hashes: CASE WHEN len(filedigest) = 64 THEN [{algorithm_id: 3, algorithm: 'SHA-256', value: filedigest}] END
    } END AS carried
  FROM f
)
SELECT
  _raw,
  class_uid,
  CASE class_uid
    WHEN 4001 THEN CASE
      WHEN kind IN ('GLOBALPROTECT') THEN 99
      WHEN kind = 'DECRYPTION' THEN CASE WHEN problem IS NULL THEN 6 ELSE 4 END
      WHEN kind = 'START' OR sub = 'start' THEN 1
      WHEN sub IN ('deny', 'drop') OR action_id = 2 THEN 5
      WHEN starts_with(endReason, 'tcp-rst') THEN 3
      WHEN endReason IN ('policy-deny', 'threat') THEN 5
      WHEN endReason = 'resources-unavailable' THEN 4
      WHEN kind = 'END' OR sub = 'end' THEN 2
      ELSE 6 END
    WHEN 4002 THEN CASE requestMethod WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3 WHEN 'HEAD' THEN 4 WHEN 'OPTIONS' THEN 5
      WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8 ELSE CASE WHEN lower(COALESCE(httpMethod, 'unknown')) = 'unknown' THEN 0 ELSE 99 END END
    WHEN 2004 THEN 1
    WHEN 3002 THEN CASE
      WHEN signInActivity = 'logoff' OR sub = 'logout' OR step = 'logout' OR ends_with(eventid, '-logout') THEN 2
      WHEN NOT is_vpn OR step = 'login' OR ends_with(eventid, '-auth') THEN 1
      ELSE 99 END
    WHEN 3001 THEN CASE
      WHEN cmd = 'delete' THEN 6
      WHEN regexp_matches(path, 'phash|password') THEN CASE WHEN admin = account THEN 3 ELSE 4 END
      ELSE 99 END
    WHEN 3004 THEN CASE WHEN cmd IN ('add', 'clone') THEN 1 WHEN cmd IN ('set', 'edit', 'move', 'rename', 'override', 'multi-set', 'multi-edit') THEN 3 WHEN cmd IN ('delete', 'multi-delete') THEN 4 ELSE 99 END
    WHEN 5002 THEN 1
    ELSE 99
  END AS activity_id,
  CASE
    WHEN class_uid = 4002 AND requestMethod IS NULL AND lower(COALESCE(httpMethod, 'unknown')) <> 'unknown' THEN httpMethod
    WHEN is_vpn AND class_uid IN (3002, 4001) AND NOT (step IN ('login', 'logout') OR regexp_matches(eventid, '-(auth|logout)$')) THEN COALESCE(eventid, stage, 'Other')
    WHEN class_uid = 3001 AND cmd <> 'delete' AND NOT regexp_matches(path, 'phash|password') THEN cmd
    WHEN class_uid = 3004 AND NOT regexp_full_match(cmd, 'add|clone|(multi-)?(set|edit|delete)|move|rename|override') THEN cmd
    WHEN class_uid = 0 THEN COALESCE(nullif(eventid, '0'), subtype, logType)
  END AS activity_name,
  happened AS time_dt,
  CASE WHEN is_flow THEN started END AS start_time_dt,
  CASE WHEN is_flow AND kind = 'TRAFFIC' AND sub = 'end' THEN started + to_milliseconds(duration_ms) END AS end_time_dt,
  duration_ms AS duration,
  try_cast(repeatcnt AS INTEGER) AS count,
  try_cast(zoneOffset AS INTEGER) AS timezone_offset,
  severity_id,
  CASE WHEN class_uid = 2004 THEN 1 WHEN class_uid IN (3001, 3002, 3004) THEN outcome_id WHEN kind = 'DECRYPTION' THEN CASE WHEN problem IS NULL THEN 1 ELSE 2 END END AS status_id,
  COALESCE(status, result, authEvent) AS status_code,
  COALESCE(reason, signInReason, problem, endReason) AS status_detail,
  COALESCE(opaque, authDesc, evidence, CASE WHEN kind = 'CONFIG' THEN concat_ws(' ', cmd, trim(path)) END, CASE WHEN kind = 'HIPMATCH' THEN concat_ws(' ', 'HIP', matchtype, matchname) END) AS message,
  {
    uid: CASE WHEN seqno <> '0' THEN concat_ws(':', serial, logType, seqno) END,
    event_code: COALESCE(nullif(eventid, '0'), threatNumber),
    log_name: concat_ws(':', logType, subtype),
    log_level: severity,
    original_time: timeGenerated,
    logged_time_dt: utc_time(receivedAt),
    product: {name: 'PAN-OS', vendor_name: 'Palo Alto Networks', uid: serial, feature: CASE WHEN logType IS NOT NULL THEN {name: logType} END}
  } AS metadata,
  CASE WHEN is_flow OR class_uid IN (3001, 3002) THEN src_end END AS src_endpoint,
  CASE WHEN is_flow OR class_uid = 3002 THEN dst_end END AS dst_endpoint,
  CASE WHEN is_flow THEN connection END AS connection_info,
  CASE WHEN is_flow AND COALESCE(bytes, packets, bytesSent, bytesReceived, pktsSent, pktsReceived) IS NOT NULL THEN {
    bytes: try_cast(bytes AS BIGINT),
    bytes_out: bytes_out,
    bytes_in: bytes_in,
    packets: try_cast(packets AS BIGINT),
    packets_out: packets_out,
    packets_in: packets_in
  } END AS traffic,
  CASE WHEN kind = 'DECRYPTION' AND is_flow AND tlsVersion IS NOT NULL THEN {
    version: tlsVersion,
    cipher: tlsEnc,
    sni: sni,
    certificate: CASE WHEN issuerCn IS NOT NULL AND certSerial IS NOT NULL AND len(certFingerprint) = 64 THEN {
      subject: cn,
      issuer: issuerCn,
      serial_number: certSerial,
      version: certVer,
      fingerprints: [{algorithm_id: 3, algorithm: 'SHA-256', value: certFingerprint}],
      created_time_dt: utc_time(certificateFrom),
      expiration_time_dt: utc_time(certificateUntil)
    } END
  } END AS tls,
  CASE WHEN is_flow THEN app END AS app_name,
  CASE WHEN is_network THEN action_id END AS action_id,
  CASE WHEN is_network AND action_id = 99 THEN logAction END AS action,
  CASE WHEN is_network THEN CASE
    WHEN starts_with(verb, 'drop') OR verb = 'random-drop' THEN 6
    WHEN starts_with(verb, 'reset') THEN 21
    WHEN verb = 'alert' THEN 19
    WHEN action_id = 2 THEN 2
    WHEN action_id = 1 THEN 1
    ELSE action_id END
  END AS disposition_id,
  CASE WHEN is_network AND action_id = 99 THEN logAction END AS disposition,
  CASE WHEN is_network AND COALESCE(rule, ruleUuid) IS NOT NULL THEN {name: rule, uid: ruleUuid} END AS firewall_rule,
  CASE
    WHEN class_uid = 5002 THEN {
      name: COALESCE(machinename, hostid, src),
      hostname: srcHostname,
      uid: hostid,
      ip: CASE WHEN src <> '0.0.0.0' THEN src ELSE nullif(srcipv6, '0.0.0.0') END,
      mac: mac,
      type_id: 0,
      type: NULL,
      os: CASE WHEN system_name IS NOT NULL THEN {
        name: system_name,
        type_id: CASE WHEN starts_with(lower(system_name), 'windows') THEN 100 WHEN starts_with(lower(system_name), 'mac') THEN 300 WHEN starts_with(lower(system_name), 'linux') THEN 200
          WHEN starts_with(lower(system_name), 'ios') THEN 301 WHEN starts_with(lower(system_name), 'android') THEN 201 ELSE 99 END
      } END
    }
    WHEN has_device AND class_uid <> 0 THEN {
      name: COALESCE(deviceName, headName, serial), hostname: headHost, uid: serial, ip: headIp, mac: NULL, type_id: 9, type: 'Firewall', os: NULL
    }
  END AS device,
  CASE WHEN userName IS NOT NULL AND class_uid NOT IN (0, 3002) THEN {user: {name: userName, domain: userDomain}} END AS actor,
  CASE
    WHEN class_uid = 3002 THEN {name: userName, domain: userDomain, type_id: CASE WHEN kind = 'SYSTEM' AND NOT COALESCE(signInVia = 'GlobalProtect', false) THEN 2 ELSE 1 END}
    WHEN class_uid = 3001 THEN {name: account, domain: NULL, type_id: 2}
  END AS user,
  CASE WHEN class_uid = 3002 THEN {name: CASE
    WHEN is_vpn OR signInVia = 'GlobalProtect' THEN 'GlobalProtect'
    WHEN kind = 'SYSTEM' THEN 'PAN-OS administration'
    WHEN kind = 'USERID' THEN 'User-ID'
    ELSE COALESCE(authvendor, serverprofile, 'PAN-OS authentication') END} END AS service,
  CASE WHEN class_uid = 3002 AND authproto IS NOT NULL THEN CASE lower(authproto) WHEN 'pap' THEN 7 WHEN 'chap' THEN 8 WHEN 'saml' THEN 5 WHEN 'kerberos' THEN 2 WHEN 'radius' THEN 10 ELSE 99 END END AS auth_protocol_id,
  CASE WHEN class_uid = 3002 THEN authproto END AS auth_protocol,
  CASE WHEN class_uid = 3004 THEN {name: COALESCE(nullif(trim(path), ''), cmd), type: 'configuration', data: afterChange} END AS entity,
  CASE WHEN class_uid = 4002 THEN {
    http_method: requestMethod,
    user_agent: userAgent,
    referrer: referer,
    x_forwarded_for: from_json(forwarded, '["VARCHAR"]'),
    url: CASE WHEN misc IS NOT NULL THEN {
      url_string: misc,
      hostname: urlHost,
      port: try_cast(urlPort AS INTEGER),
      path: urlPath,
      query_string: urlQuery,
      categories: CASE WHEN category IS NOT NULL THEN [category] END
    } END
  } END AS http_request,
  -- PAN-OS logs what it did with a request, not what the server answered.
  CASE WHEN class_uid = 4002 THEN {code: 0, status: 'Unknown'} END AS http_response,
  CASE WHEN class_uid = 2004 THEN {
    uid: concat_ws(':', serial, logType, COALESCE(nullif(seqno, '0'), objectId, concat_ws(':', sessionid, "at"))),
    title: finding,
    "desc": evidence,
    types: list_filter([subtype, thrCategory, CASE WHEN kind = 'CORRELATION' THEN category END], lambda t: t IS NOT NULL),
    created_time_dt: happened,
    analytic: CASE WHEN COALESCE(threatName, threatNumber, objectname, objectId) IS NOT NULL THEN {
      name: COALESCE(threatName, objectname),
      uid: COALESCE(threatNumber, objectId),
      type_id: CASE WHEN sub IN ('flood', 'scan') THEN 3 WHEN starts_with(sub, 'ml-') THEN 4 WHEN kind = 'CORRELATION' THEN 2 ELSE 1 END,
      type: CASE WHEN sub IN ('flood', 'scan') THEN 'Statistical' WHEN starts_with(sub, 'ml-') THEN 'Learning (ML/DL)' WHEN kind = 'CORRELATION' THEN 'Behavioral' ELSE 'Rule' END,
      category: subtype
    } END
  } END AS finding_info,
  CASE WHEN class_uid = 2004 AND sub IN ('virus', 'spyware', 'wildfire', 'wildfire-virus', 'ml-virus') AND COALESCE(threatName, threatNumber) IS NOT NULL THEN [{
    name: threatName,
    uid: threatNumber,
    provider: 'Palo Alto Networks',
    classification_ids: [CASE WHEN sub = 'spyware' THEN 17 WHEN sub IN ('virus', 'wildfire-virus', 'ml-virus') THEN 19 ELSE 0 END]
  }] END AS malware,
  CASE WHEN class_uid = 2004 AND (src_end IS NOT NULL OR dst_end IS NOT NULL OR carried IS NOT NULL)
    THEN [{src_endpoint: src_end, dst_endpoint: dst_end, connection_info: connection, file: carried}] END AS evidences,
  CAST(json_merge_patch(COALESCE(CAST(others AS JSON), '{}'), to_json({
    -- What the class of this log has no place for.
    srcloc: CASE WHEN srcCode IS NULL OR NOT is_network THEN srcloc END,
    dstloc: CASE WHEN dstCode IS NULL OR NOT is_network THEN dstloc END,
    natsrc: CASE WHEN NOT is_network OR natsrc IN ('0.0.0.0', '::') THEN natsrc END,
    natdst: CASE WHEN NOT is_network OR natdst IN ('0.0.0.0', '::') THEN natdst END,
    elapsed: CASE WHEN duration_ms IS NULL THEN elapsed END,
    start: CASE WHEN NOT is_flow OR started IS NULL THEN sessionStart END,
    receive_time: CASE WHEN receivedAt IS NULL THEN receiveTime END,
    src: CASE WHEN src = '0.0.0.0' OR (NOT is_network AND class_uid <> 5002) THEN src END,
    dst: CASE WHEN NOT is_network OR dst = '0.0.0.0' THEN dst END,
    sport: CASE WHEN NOT is_network THEN sport END,
    dport: CASE WHEN NOT is_network THEN dport END,
    "from": CASE WHEN NOT is_network OR src_end IS NULL THEN zoneFrom END,
    "to": CASE WHEN NOT is_network OR dst_end IS NULL THEN zoneTo END,
    inbound_if: CASE WHEN NOT is_network THEN inboundIf END,
    outbound_if: CASE WHEN NOT is_network THEN outboundIf END,
    sessionid: CASE WHEN NOT is_network THEN sessionid END,
    proto: CASE WHEN NOT is_network THEN proto END,
    app: CASE WHEN NOT is_flow THEN app END,
    bytes: CASE WHEN NOT is_flow THEN bytes END,
    bytes_sent: CASE WHEN NOT is_flow THEN bytesSent END,
    bytes_received: CASE WHEN NOT is_flow THEN bytesReceived END,
    packets: CASE WHEN NOT is_flow THEN packets END,
    pkts_sent: CASE WHEN NOT is_flow THEN pktsSent END,
    pkts_received: CASE WHEN NOT is_flow THEN pktsReceived END,
    rule: CASE WHEN NOT is_network THEN rule END,
    rule_uuid: CASE WHEN NOT is_network THEN ruleUuid END,
    src_host: CASE WHEN srcHostIp IS NOT NULL OR src_end IS NULL THEN srcHost END,
    dst_host: CASE WHEN dstHostIp IS NOT NULL OR dst_end IS NULL OR urlHost IS NOT NULL THEN dstHost END,
    src_mac: CASE WHEN src_end IS NULL OR is_vpn THEN srcMac END,
    dst_mac: CASE WHEN dst_end IS NULL OR NOT is_network THEN dstMac END,
    machinename: CASE WHEN class_uid <> 5002 AND (src_end IS NULL OR srcHostIp IS NOT NULL) THEN machinename END,
    srcuser: CASE WHEN class_uid = 0 THEN srcuser END,
    "user": CASE WHEN class_uid = 0 THEN userText END,
    user_agent: CASE WHEN class_uid <> 4002 THEN userAgent END,
    referer: CASE WHEN class_uid <> 4002 THEN referer END,
    device_name: CASE WHEN class_uid IN (0, 5002) THEN deviceName END,
    seqno: CASE WHEN seqno = '0' THEN seqno END,
    "syslog.hostname": CASE
      WHEN class_uid IN (0, 5002) THEN COALESCE(headHost, headName, headIp)
      WHEN deviceName IS NOT NULL THEN headName END
  })) AS MAP(VARCHAR, VARCHAR)) AS unmapped
FROM g
