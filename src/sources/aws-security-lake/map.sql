-- One OCSF event of Security Lake, rc.2 (source version 1) or 1.1.0 (version 2) -> the same event in OCSF 1.1.0.
-- COALESCE takes an attribute's name in 1.1.0 first, then its name in rc.2.
WITH read AS (
  SELECT *,
    try_cast(class_uid AS INTEGER) AS given_class,
    COALESCE(starts_with(metadata_version, '1.0.0'), false) AS is_old,
    TRY(CAST(CAST(given_unmapped AS JSON) AS MAP(VARCHAR, VARCHAR))) AS um,
    TRY(from_json(resources, '[{"uid": "VARCHAR", "name": "VARCHAR", "type": "VARCHAR", "region": "VARCHAR", "cloud_partition": "VARCHAR", "namespace": "VARCHAR",
      "version": "VARCHAR", "criticality": "VARCHAR", "data": "VARCHAR", "labels": ["VARCHAR"], "account_uid": "VARCHAR", "group": {"name": "VARCHAR", "uid": "VARCHAR"},
      "owner": {"name": "VARCHAR", "uid": "VARCHAR", "type": "VARCHAR", "account": {"uid": "VARCHAR", "name": "VARCHAR", "type": "VARCHAR"}}}]')) AS listed_resources,
    TRY(from_json(resource, '{"uid": "VARCHAR", "name": "VARCHAR", "type": "VARCHAR", "region": "VARCHAR", "cloud_partition": "VARCHAR", "namespace": "VARCHAR",
      "version": "VARCHAR", "criticality": "VARCHAR", "data": "VARCHAR", "labels": ["VARCHAR"], "account_uid": "VARCHAR", "group": {"name": "VARCHAR", "uid": "VARCHAR"},
      "owner": {"name": "VARCHAR", "uid": "VARCHAR", "type": "VARCHAR", "account": {"uid": "VARCHAR", "name": "VARCHAR", "type": "VARCHAR"}}}')) AS one_resource,
    TRY(from_json(vulnerabilities, '[{"title": "VARCHAR", "desc": "VARCHAR", "severity": "VARCHAR", "vendor_name": "VARCHAR", "is_fix_available": "BOOLEAN", "is_exploit_available": "BOOLEAN",
      "fix_available": "BOOLEAN", "references": ["VARCHAR"], "related_vulnerabilities": ["VARCHAR"],
      "remediation": {"desc": "VARCHAR", "references": ["VARCHAR"], "kb_articles": ["VARCHAR"]}, "kb_articles": ["VARCHAR"],
      "cve": {"uid": "VARCHAR", "title": "VARCHAR", "desc": "VARCHAR", "type": "VARCHAR", "references": ["VARCHAR"],
        "cvss": [{"base_score": "DOUBLE", "overall_score": "DOUBLE", "version": "VARCHAR", "vector_string": "VARCHAR", "severity": "VARCHAR", "depth": "VARCHAR"}],
        "epss": {"score": "VARCHAR", "version": "VARCHAR", "percentile": "DOUBLE"}}, "cwe": {"uid": "VARCHAR", "caption": "VARCHAR", "src_url": "VARCHAR"},
      "affected_packages": [{"name": "VARCHAR", "version": "VARCHAR", "fixed_in_version": "VARCHAR", "release": "VARCHAR", "architecture": "VARCHAR", "package_manager": "VARCHAR",
        "path": "VARCHAR", "purl": "VARCHAR", "epoch": "INTEGER", "remediation": {"desc": "VARCHAR", "references": ["VARCHAR"], "kb_articles": ["VARCHAR"]}}],
      "packages": [{"name": "VARCHAR", "version": "VARCHAR", "release": "VARCHAR", "architecture": "VARCHAR", "epoch": "INTEGER"}]}]')) AS listed_vulnerabilities,
    -- Times as ISO text or as a number: milliseconds, or seconds where the number is too small for those.
    list_transform([
        [time_dt, time], [start_time_dt, start_time], [end_time_dt, end_time], [metadata_processed_time_dt, metadata_processed_time],
        [actor_session_created_time_dt, actor_session_created_time],
        [COALESCE(finding_info_created_time_dt, finding_created_time_dt), COALESCE(finding_info_created_time, finding_created_time)],
        [COALESCE(finding_info_modified_time_dt, finding_modified_time_dt), COALESCE(finding_info_modified_time, finding_modified_time)],
        [COALESCE(finding_info_first_seen_time_dt, finding_first_seen_time_dt), COALESCE(finding_info_first_seen_time, finding_first_seen_time)],
        [COALESCE(finding_info_last_seen_time_dt, finding_last_seen_time_dt), COALESCE(finding_info_last_seen_time, finding_last_seen_time)]],
      lambda p: COALESCE(utc_time(p[1]),
        TRY(make_timestamp_ms(try_cast(p[2] AS BIGINT) * CASE WHEN abs(try_cast(p[2] AS BIGINT)) < 100000000000 THEN 1000 ELSE 1 END)))) AS times
  FROM raw
),
lifted AS (
  SELECT *,
    CASE
      -- API Activity moved out of what rc.2 called Audit Activity; 3005 is User Access Management now.
      WHEN given_class = 3005 AND (is_old OR class_name = 'API Activity') THEN 6003
      -- Security Finding was divided by what is found.
      WHEN given_class = 2001 THEN CASE
        WHEN len(list_filter(listed_vulnerabilities, lambda v: v.cve.uid IS NOT NULL OR v.cwe.uid IS NOT NULL)) > 0 THEN 2002
        WHEN COALESCE(compliance_control, compliance_status, compliance_requirements, compliance_standards) IS NOT NULL THEN 2003
        ELSE 2004 END
      WHEN given_class IN (2002, 2003, 2004, 3001, 3002, 4001, 4002, 4003, 6003) THEN given_class
    END AS new_class,
    -- AWS writes "-" where a flow record has no value, and the addresses of a flow without packets.
    CASE WHEN is_ip(src_endpoint_ip) THEN src_endpoint_ip END AS src_ip,
    CASE WHEN is_ip(dst_endpoint_ip) THEN dst_endpoint_ip END AS dst_ip,
    NULLIF(src_endpoint_svc_name, '-') AS src_svc, NULLIF(dst_endpoint_svc_name, '-') AS dst_svc,
    NULLIF(src_endpoint_interface_uid, '-') AS src_interface, NULLIF(dst_endpoint_interface_uid, '-') AS dst_interface,
    NULLIF(src_endpoint_instance_uid, '-') AS src_instance, NULLIF(dst_endpoint_instance_uid, '-') AS dst_instance,
    -- OCSF 1.1.0 takes no trailing dot of a host name.
    rtrim(src_endpoint_hostname, '.') AS src_host, rtrim(dst_endpoint_hostname, '.') AS dst_host,
    TRY(from_json(src_endpoint_intermediate_ips, '["VARCHAR"]')) AS src_hops, TRY(from_json(dst_endpoint_intermediate_ips, '["VARCHAR"]')) AS dst_hops,
    -- rc.2 has the principal in uid and the ARN in uuid.
    COALESCE(actor_user_uuid, actor_user_uid) AS actor_uid,
    COALESCE(actor_user_uid_alt, CASE WHEN actor_user_uuid IS NOT NULL THEN actor_user_uid END) AS actor_uid_alt,
    COALESCE(actor_user_account_uid, actor_user_account_uid_flat) AS actor_account,
    COALESCE(user_uuid, user_uid) AS subject_uid,
    COALESCE(user_uid_alt, CASE WHEN user_uuid IS NOT NULL THEN user_uid END) AS subject_uid_alt,
    COALESCE(user_account_uid, user_account_uid_flat) AS subject_account,
    COALESCE(api_service_name, api_service_uid, metadata_product_name, 'Unknown') AS service_word,
    COALESCE(metadata_product_name, metadata_product_uid) AS product_word,
    -- Some records carry an ARN where the account is expected; early CloudTrail ones have it beside the schema only.
    COALESCE(NULLIF(regexp_extract(COALESCE(cloud_account_uid, cloud_account_uid_flat), '(^|:)([0-9]{12})(:|$)', 2), ''), um['recipientAccountId'],
      NULLIF(regexp_extract(metadata_product_feature_uid, '^arn:[^:]*:wafv2:[^:]*:([0-9]{12}):', 1), '')) AS owner_account,
    CASE WHEN one_resource IS NOT NULL THEN [one_resource] ELSE listed_resources END AS all_resources,
    try_cast(disposition_id AS INTEGER) AS new_disposition,
    COALESCE(status_id, state_id) AS new_status
  FROM read
),
prepared AS (
  SELECT *,
    list_transform(list_filter(all_resources, lambda r: COALESCE(r.uid, r.name) IS NOT NULL), lambda r: {
      uid: r.uid, name: r.name, type: r.type, region: r.region, cloud_partition: r.cloud_partition, namespace: r.namespace, version: r.version,
      criticality: r.criticality, data: r.data, labels: r.labels,
      "group": CASE WHEN COALESCE(r."group".name, r."group".uid) IS NOT NULL THEN r."group" END,
      owner: CASE WHEN COALESCE(r.account_uid, r.owner.account.uid, r.owner.name, r.owner.uid) IS NOT NULL THEN {
        name: r.owner.name, uid: r.owner.uid, type: r.owner.type,
        account: CASE WHEN COALESCE(r.account_uid, r.owner.account.uid, r.owner.account.name) IS NOT NULL
          THEN {uid: COALESCE(r.owner.account.uid, r.account_uid), name: r.owner.account.name, type: r.owner.account.type} END} END}) AS new_resources,
    list_transform(list_filter(listed_vulnerabilities, lambda v: v.cve.uid IS NOT NULL OR v.cwe.uid IS NOT NULL), lambda v: {
      title: v.title, "desc": v."desc", severity: v.severity, vendor_name: v.vendor_name,
      is_fix_available: COALESCE(v.is_fix_available, v.fix_available), is_exploit_available: v.is_exploit_available,
      "references": v."references", related_vulnerabilities: v.related_vulnerabilities,
      remediation: CASE WHEN v.remediation."desc" IS NOT NULL THEN v.remediation END,
      cve: CASE WHEN v.cve.uid IS NOT NULL THEN {uid: v.cve.uid, title: v.cve.title, "desc": v.cve."desc", type: v.cve.type, "references": v.cve."references",
        cvss: list_filter(v.cve.cvss, lambda c: c.base_score IS NOT NULL AND c.version IS NOT NULL),
        epss: CASE WHEN v.cve.epss.score IS NOT NULL THEN v.cve.epss END} END,
      cwe: CASE WHEN v.cwe.uid IS NOT NULL THEN v.cwe END,
      affected_packages: COALESCE(
        list_transform(list_filter(v.affected_packages, lambda p: p.name IS NOT NULL AND p.version IS NOT NULL), lambda p: {name: p.name, version: p.version,
          fixed_in_version: p.fixed_in_version, release: p.release, architecture: p.architecture, package_manager: p.package_manager, path: p.path, purl: p.purl,
          epoch: p.epoch, remediation: CASE WHEN p.remediation."desc" IS NOT NULL THEN p.remediation END}),
        list_transform(list_filter(v.packages, lambda p: p.name IS NOT NULL AND p.version IS NOT NULL), lambda p: {name: p.name, version: p.version,
          fixed_in_version: NULL, release: p.release, architecture: p.architecture, package_manager: NULL, path: NULL, purl: NULL, epoch: p.epoch, remediation: NULL}))}) AS new_vulnerabilities,
    TRY(from_json(observables, '[{"name": "VARCHAR", "type": "VARCHAR", "type_id": "INTEGER", "value": "VARCHAR"}]')) AS new_observables,
    TRY(from_json(answers, '[{"rdata": "VARCHAR", "type": "VARCHAR", "class": "VARCHAR", "ttl": "INTEGER", "packet_uid": "INTEGER"}]')) AS new_answers,
    TRY(from_json(http_request_http_headers, '[{"name": "VARCHAR", "value": "VARCHAR"}]')) AS new_headers,
    COALESCE(finding_info_uid, finding_uid) AS finding_id,
    COALESCE(finding_info_title, finding_title) AS finding_name,
    COALESCE(remediation_desc, finding_remediation_desc) AS remedy,
    new_class // 1000 = 4 AS is_network,
    try_cast(activity_id AS INTEGER) AS given_activity,
    COALESCE(try_cast(http_response_code AS INTEGER), try_cast(http_status AS INTEGER), CASE WHEN new_class = 4002 THEN 0 END) AS response_code,
    COALESCE(src_ip, src_endpoint_uid, src_endpoint_name, src_host, src_svc, src_instance, src_interface, src_endpoint_interface_name) IS NOT NULL AS has_src,
    COALESCE(dst_ip, dst_endpoint_uid, dst_endpoint_name, dst_host, dst_svc, dst_instance, dst_interface, dst_endpoint_interface_name) IS NOT NULL AS has_dst,
    COALESCE(actor_user_name, actor_uid, actor_account) IS NOT NULL AS has_actor_user,
    COALESCE(actor_session_uid, actor_session_uid_alt, actor_session_issuer, actor_session_credential_uid, actor_session_is_mfa, actor_session_mfa) IS NOT NULL
      OR times[5] IS NOT NULL AS has_session
  FROM lifted
)
SELECT
  _raw,
  new_class AS class_uid,
  CASE
    -- rc.2 tells by the activity of a DNS query how it went; that is the rcode's and the disposition's part.
    WHEN new_class = 4003 THEN CASE WHEN given_activity IN (0, 1, 2, 6, 99) AND NOT is_old THEN given_activity ELSE 6 END
    WHEN given_activity BETWEEN 0 AND CASE new_class WHEN 3001 THEN 11 WHEN 3002 THEN 5 WHEN 4001 THEN 6 WHEN 4002 THEN 8 WHEN 6003 THEN 4 ELSE 3 END THEN given_activity
    WHEN given_activity IS NULL THEN 0
    ELSE 99
  END AS activity_id,
  CASE WHEN new_class = 4003 AND is_old THEN NULL
    WHEN given_activity NOT BETWEEN 0 AND CASE new_class WHEN 3001 THEN 11 WHEN 3002 THEN 5 WHEN 4001 THEN 6 WHEN 4002 THEN 8 WHEN 6003 THEN 4 WHEN 4003 THEN 6 ELSE 3 END
    THEN activity_name END AS activity_name,
  times[1] AS time_dt,
  times[2] AS start_time_dt,
  times[3] AS end_time_dt,
  CASE WHEN severity_id IN ('0', '1', '2', '3', '4', '5', '6', '99') THEN CAST(severity_id AS INTEGER) WHEN severity_id IS NOT NULL THEN 99 ELSE 0 END AS severity_id,
  severity,
  CASE WHEN new_status IN ('0', '1', '2', '99') OR (new_class // 1000 = 2 AND new_status IN ('3', '4')) THEN CAST(new_status AS INTEGER)
    WHEN new_status IS NOT NULL THEN 99 END AS status_id,
  COALESCE(status, state) AS status,
  status_code,
  status_detail,
  message,
  comment,
  confidence,
  CASE WHEN confidence_id IN ('0', '1', '2', '3', '99') THEN CAST(confidence_id AS INTEGER) WHEN confidence_id IS NOT NULL THEN 99 END AS confidence_id,
  try_cast(confidence_score AS INTEGER) AS confidence_score,
  try_cast(count AS INTEGER) AS count,
  -- rc.2 has the disposition alone. The profile security_control asks for an action.
  CASE WHEN is_network OR new_class = 2004 THEN CASE
    WHEN action_id IN ('0', '1', '2', '99') THEN CAST(action_id AS INTEGER)
    WHEN action_id IS NOT NULL THEN 99
    WHEN new_disposition = 1 THEN 1 WHEN new_disposition IN (2, 6) THEN 2 ELSE 0 END END AS action_id,
  action,
  CASE WHEN new_disposition BETWEEN 0 AND 27 THEN new_disposition WHEN new_disposition IS NOT NULL THEN 99 END AS disposition_id,
  disposition,
  {
    uid: metadata_uid,
    event_code: metadata_event_code,
    log_name: metadata_log_name,
    log_level: metadata_log_level,
    log_provider: metadata_log_provider,
    log_version: metadata_log_version,
    original_time: metadata_original_time,
    correlation_uid: metadata_correlation_uid,
    labels: TRY(from_json(metadata_labels, '["VARCHAR"]')),
    processed_time_dt: times[4],
    product: {name: metadata_product_name, uid: metadata_product_uid, vendor_name: COALESCE(metadata_product_vendor_name, 'AWS'), version: metadata_product_version,
      feature: CASE WHEN COALESCE(metadata_product_feature_name, metadata_product_feature_uid) IS NOT NULL
        THEN {name: metadata_product_feature_name, uid: metadata_product_feature_uid, version: metadata_product_feature_version} END}
  } AS metadata,
  {
    provider: COALESCE(cloud_provider, 'AWS'),
    region: cloud_region,
    zone: NULLIF(cloud_zone, '-'),
    account: CASE WHEN COALESCE(owner_account, cloud_account_name) IS NOT NULL THEN {uid: owner_account, name: cloud_account_name, type: cloud_account_type} END,
    org: CASE WHEN COALESCE(cloud_org_uid, cloud_org_name) IS NOT NULL THEN {uid: cloud_org_uid, name: cloud_org_name} END
  } AS cloud,
  CASE WHEN api_operation IS NOT NULL OR new_class = 6003 THEN {
    operation: COALESCE(api_operation, 'Unknown'),
    version: api_version,
    service: CASE WHEN COALESCE(api_service_name, api_service_uid) IS NOT NULL THEN {name: api_service_name, uid: api_service_uid, version: api_service_version} END,
    "group": CASE WHEN COALESCE(api_group_name, api_group_uid) IS NOT NULL THEN {name: api_group_name, uid: api_group_uid} END,
    request: CASE WHEN COALESCE(api_request_uid, api_request_data, api_request_containers) IS NOT NULL THEN {uid: COALESCE(api_request_uid, metadata_uid, ''), data: left(api_request_data, 65535)} END,
    response: CASE WHEN COALESCE(api_response_code, api_response_error, api_response_error_message, api_response_message, api_response_data) IS NOT NULL THEN {
      code: try_cast(api_response_code AS INTEGER), error: api_response_error, error_message: api_response_error_message, message: api_response_message,
      data: left(api_response_data, 65535)} END
  } END AS api,
  CASE WHEN has_actor_user OR has_session OR COALESCE(actor_invoked_by, actor_idp_name, actor_idp_uid) IS NOT NULL OR new_class = 6003 THEN {
    user: CASE WHEN has_actor_user THEN {
      name: actor_user_name, uid: actor_uid, uid_alt: actor_uid_alt, type: actor_user_type,
      type_id: CASE WHEN actor_user_type_id IN ('0', '1', '2', '3', '99') THEN CAST(actor_user_type_id AS INTEGER) END,
      domain: actor_user_domain, email_addr: actor_user_email_addr, credential_uid: actor_user_credential_uid,
      account: CASE WHEN actor_account IS NOT NULL THEN {uid: actor_account} END,
      groups: list_filter(TRY(from_json(actor_user_groups, '[{"name": "VARCHAR", "uid": "VARCHAR", "desc": "VARCHAR", "type": "VARCHAR"}]')),
        lambda g: COALESCE(g.name, g.uid) IS NOT NULL)} END,
    session: CASE WHEN has_session THEN {
      uid: actor_session_uid, uid_alt: actor_session_uid_alt, issuer: actor_session_issuer, credential_uid: actor_session_credential_uid,
      created_time_dt: times[5], is_mfa: try_cast(COALESCE(actor_session_is_mfa, actor_session_mfa) AS BOOLEAN)} END,
    idp: CASE WHEN COALESCE(actor_idp_name, actor_idp_uid) IS NOT NULL THEN {name: actor_idp_name, uid: actor_idp_uid} END,
    -- An actor needs a user, a session or a caller; events of AWS itself name none of them.
    invoked_by: COALESCE(actor_invoked_by, CASE WHEN NOT has_actor_user AND NOT has_session THEN service_word END)
  } END AS actor,
  CASE WHEN COALESCE(user_name, subject_uid, subject_account) IS NOT NULL OR new_class IN (3001, 3002) THEN {
    name: COALESCE(user_name, CASE WHEN COALESCE(subject_uid, subject_account) IS NULL THEN COALESCE(actor_user_name, actor_uid, 'Unknown') END),
    uid: subject_uid, uid_alt: subject_uid_alt, type: user_type,
    type_id: CASE WHEN user_type_id IN ('0', '1', '2', '3', '99') THEN CAST(user_type_id AS INTEGER) END,
    domain: user_domain, email_addr: user_email_addr, credential_uid: user_credential_uid,
    account: CASE WHEN subject_account IS NOT NULL THEN {uid: subject_account} END
  } END AS user,
  CASE WHEN has_src OR src_endpoint_domain IS NOT NULL OR is_network OR new_class = 6003 THEN {
    ip: src_ip, port: try_cast(src_endpoint_port AS USMALLINT), hostname: src_host, name: src_endpoint_name, domain: src_endpoint_domain, uid: src_endpoint_uid,
    -- A domain alone makes no endpoint, and a flow without packets is known by its interface alone.
    svc_name: COALESCE(src_svc, CASE WHEN NOT has_src AND NOT (is_network AND dst_interface IS NOT NULL) THEN COALESCE(src_endpoint_domain, service_word) END),
    instance_uid: src_instance, interface_uid: COALESCE(src_interface, CASE WHEN NOT has_src AND is_network THEN dst_interface END), interface_name: src_endpoint_interface_name,
    subnet_uid: NULLIF(src_endpoint_subnet_uid, '-'), vpc_uid: NULLIF(src_endpoint_vpc_uid, '-'), zone: src_endpoint_zone, mac: src_endpoint_mac,
    location: CASE WHEN COALESCE(src_endpoint_location_country, src_endpoint_location_city, src_endpoint_location_region) IS NOT NULL
      THEN {country: NULLIF(src_endpoint_location_country, '-'), city: src_endpoint_location_city, region: src_endpoint_location_region} END,
    intermediate_ips: list_filter(src_hops, lambda i: is_ip(i))
  } END AS src_endpoint,
  CASE WHEN has_dst OR dst_endpoint_domain IS NOT NULL OR new_class IN (4001, 4002) OR COALESCE(dst_endpoint_port, dst_endpoint_vpc_uid, dst_endpoint_subnet_uid) IS NOT NULL THEN {
    ip: dst_ip, port: try_cast(dst_endpoint_port AS USMALLINT), hostname: dst_host, name: dst_endpoint_name, domain: dst_endpoint_domain,
    -- A web ACL's events name the protected resource as their source and nothing else.
    uid: COALESCE(dst_endpoint_uid, CASE WHEN NOT has_dst AND new_class = 4002 THEN src_endpoint_uid END),
    svc_name: COALESCE(dst_svc, CASE WHEN NOT has_dst AND new_class = 4002 THEN COALESCE(src_svc, service_word)
      WHEN NOT has_dst AND src_interface IS NULL THEN COALESCE(dst_endpoint_domain, service_word) END),
    instance_uid: dst_instance, interface_uid: COALESCE(dst_interface, CASE WHEN NOT has_dst AND new_class <> 4002 THEN src_interface END), interface_name: dst_endpoint_interface_name,
    subnet_uid: NULLIF(dst_endpoint_subnet_uid, '-'), vpc_uid: NULLIF(dst_endpoint_vpc_uid, '-'), zone: dst_endpoint_zone, mac: dst_endpoint_mac,
    location: CASE WHEN COALESCE(dst_endpoint_location_country, dst_endpoint_location_city, dst_endpoint_location_region) IS NOT NULL
      THEN {country: dst_endpoint_location_country, city: dst_endpoint_location_city, region: dst_endpoint_location_region} END,
    intermediate_ips: list_filter(dst_hops, lambda i: is_ip(i))
  } END AS dst_endpoint,
  CASE WHEN COALESCE(service_name, service_uid) IS NOT NULL OR (new_class = 3002 AND NOT has_dst)
    THEN {name: COALESCE(service_name, CASE WHEN service_uid IS NULL THEN service_word END), uid: service_uid, version: service_version} END AS service,
  try_cast(COALESCE(is_mfa, mfa) AS BOOLEAN) AS is_mfa,
  CASE WHEN COALESCE(connection_info_uid, connection_info_protocol_name, connection_info_protocol_num, connection_info_protocol_ver, connection_info_direction_id,
      connection_info_direction, connection_info_boundary_id, connection_info_tcp_flags) IS NOT NULL THEN {
    uid: connection_info_uid, protocol_name: connection_info_protocol_name, protocol_num: try_cast(connection_info_protocol_num AS INTEGER),
    protocol_ver: connection_info_protocol_ver,
    protocol_ver_id: CASE WHEN connection_info_protocol_ver_id IN ('0', '4', '6', '99') THEN CAST(connection_info_protocol_ver_id AS INTEGER) END,
    direction: connection_info_direction,
    direction_id: CASE WHEN connection_info_direction_id IN ('0', '1', '2', '3', '99') THEN CAST(connection_info_direction_id AS INTEGER)
      WHEN connection_info_direction_id IS NOT NULL THEN 99 ELSE 0 END,
    boundary: NULLIF(connection_info_boundary, '-'),
    -- 99 with "-" is a record that does not tell the path.
    boundary_id: CASE WHEN connection_info_boundary = '-' THEN 0 WHEN try_cast(connection_info_boundary_id AS INTEGER) BETWEEN 0 AND 11 THEN CAST(connection_info_boundary_id AS INTEGER)
      WHEN connection_info_boundary_id IS NOT NULL THEN 99 END,
    tcp_flags: try_cast(connection_info_tcp_flags AS INTEGER)
  } END AS connection_info,
  CASE WHEN COALESCE(traffic_bytes, traffic_bytes_in, traffic_bytes_out, traffic_packets, traffic_packets_in, traffic_packets_out) IS NOT NULL THEN {
    bytes: try_cast(traffic_bytes AS BIGINT), bytes_in: try_cast(traffic_bytes_in AS BIGINT), bytes_out: try_cast(traffic_bytes_out AS BIGINT),
    packets: try_cast(traffic_packets AS BIGINT), packets_in: try_cast(traffic_packets_in AS BIGINT), packets_out: try_cast(traffic_packets_out AS BIGINT)
  } END AS traffic,
  CASE WHEN query_hostname IS NOT NULL THEN {hostname: COALESCE(NULLIF(rtrim(query_hostname, '.'), ''), query_hostname), type: query_type, class: query_class} END AS query,
  list_filter(new_answers, lambda a: a.rdata IS NOT NULL) AS answers,
  rcode,
  CASE WHEN try_cast(rcode_id AS INTEGER) BETWEEN 0 AND 24 THEN CAST(rcode_id AS INTEGER) WHEN rcode_id IS NOT NULL THEN 99 END AS rcode_id,
  CASE WHEN COALESCE(http_request_uid, http_request_http_method, http_request_version, http_request_user_agent, http_request_referrer, http_request_args,
      http_request_length, http_request_url_url_string, http_request_url_path, http_request_url_hostname, http_request_http_headers, http_request_x_forwarded_for) IS NOT NULL
      OR new_class = 4002 THEN {
    uid: http_request_uid, http_method: http_request_http_method, version: http_request_version, user_agent: http_request_user_agent,
    referrer: http_request_referrer, args: http_request_args, length: try_cast(http_request_length AS INTEGER),
    url: CASE WHEN COALESCE(http_request_url_url_string, http_request_url_path) IS NOT NULL THEN {
      url_string: http_request_url_url_string, hostname: rtrim(http_request_url_hostname, '.'), path: http_request_url_path,
      query_string: http_request_url_query_string, scheme: http_request_url_scheme, port: try_cast(http_request_url_port AS USMALLINT)} END,
    http_headers: list_filter(new_headers, lambda h: h.name IS NOT NULL AND h.value IS NOT NULL),
    x_forwarded_for: list_filter(TRY(from_json(http_request_x_forwarded_for, '["VARCHAR"]')), lambda i: is_ip(i))
  } END AS http_request,
  -- WAF tells the code of its own answers only, never the server's.
  CASE WHEN response_code IS NOT NULL THEN {code: response_code, status: COALESCE(http_response_status, CASE WHEN response_code = 0 THEN 'Unknown' END), message: http_response_message} END AS http_response,
  CASE WHEN COALESCE(firewall_rule_name, firewall_rule_uid) IS NOT NULL THEN {
    name: firewall_rule_name, uid: firewall_rule_uid, category: firewall_rule_category, "desc": firewall_rule_desc, type: firewall_rule_type, version: firewall_rule_version,
    condition: firewall_rule_condition, sensitivity: firewall_rule_sensitivity, match_location: firewall_rule_match_location,
    match_details: TRY(from_json(firewall_rule_match_details, '["VARCHAR"]'))
  } END AS firewall_rule,
  CASE WHEN new_class // 1000 = 2 THEN {
    uid: finding_id,
    title: COALESCE(finding_name, finding_id),
    "desc": COALESCE(finding_info_desc, finding_desc),
    src_url: COALESCE(finding_info_src_url, finding_src_url),
    types: TRY(from_json(COALESCE(finding_info_types, finding_types), '["VARCHAR"]')),
    data_sources: TRY(from_json(finding_info_data_sources, '["VARCHAR"]')),
    product_uid: COALESCE(finding_info_product_uid, finding_product_uid),
    created_time_dt: times[6], modified_time_dt: times[7], first_seen_time_dt: times[8], last_seen_time_dt: times[9]
  } END AS finding_info,
  CASE WHEN new_class = 2003 THEN {
    control: compliance_control, status: compliance_status,
    status_id: CASE WHEN compliance_status_id IN ('0', '1', '2', '3', '99') THEN CAST(compliance_status_id AS INTEGER)
      ELSE CASE upper(compliance_status) WHEN 'PASSED' THEN 1 WHEN 'PASS' THEN 1 WHEN 'WARNING' THEN 2 WHEN 'FAILED' THEN 3 WHEN 'FAIL' THEN 3 WHEN 'NOT_AVAILABLE' THEN 99 ELSE 0 END END,
    status_code: compliance_status_code, status_detail: compliance_status_detail,
    requirements: TRY(from_json(compliance_requirements, '["VARCHAR"]')),
    -- OCSF 1.1.0 asks for a standard, rc.2 has no place for one: the generator of the finding names it.
    standards: COALESCE(NULLIF(list_filter(TRY(from_json(compliance_standards, '["VARCHAR"]')), lambda s: s IS NOT NULL), []),
      [COALESCE(metadata_product_feature_uid, metadata_product_feature_name, product_word, 'Unknown')])
  } END AS compliance,
  CASE WHEN remedy IS NOT NULL AND new_class <> 2002 THEN {
    "desc": remedy, "references": TRY(from_json(remediation_references, '["VARCHAR"]')),
    kb_articles: TRY(from_json(COALESCE(remediation_kb_articles, finding_remediation_kb_articles), '["VARCHAR"]'))} END AS remediation,
  CASE WHEN new_class IN (2002, 2003) THEN new_resources[1] END AS resource,
  CASE WHEN new_class IN (2004, 6003) THEN new_resources END AS resources,
  CASE WHEN new_class IN (2002, 2004) THEN new_vulnerabilities END AS vulnerabilities,
  CASE WHEN new_class = 2004 THEN list_filter(TRY(from_json(evidences, '[{
    "src_endpoint": {"ip": "VARCHAR", "port": "INTEGER", "name": "VARCHAR", "uid": "VARCHAR", "domain": "VARCHAR", "svc_name": "VARCHAR", "instance_uid": "VARCHAR", "interface_uid": "VARCHAR",
      "location": {"city": "VARCHAR", "country": "VARCHAR"}},
    "dst_endpoint": {"ip": "VARCHAR", "port": "INTEGER", "name": "VARCHAR", "uid": "VARCHAR", "domain": "VARCHAR", "svc_name": "VARCHAR", "instance_uid": "VARCHAR", "interface_uid": "VARCHAR",
      "location": {"city": "VARCHAR", "country": "VARCHAR"}},
    "connection_info": {"protocol_name": "VARCHAR", "direction_id": "INTEGER"}, "query": {"hostname": "VARCHAR", "type": "VARCHAR"},
    "api": {"operation": "VARCHAR", "service": {"name": "VARCHAR"}, "response": {"error": "VARCHAR"}},
    "actor": {"user": {"name": "VARCHAR", "uid": "VARCHAR", "type": "VARCHAR", "account": {"uid": "VARCHAR"}}}, "data": "VARCHAR"}]')),
    lambda e: COALESCE(e.src_endpoint.ip, e.dst_endpoint.ip, e.api.operation, e.query.hostname, e.actor.user.name, e.actor.user.uid, e.data) IS NOT NULL) END AS evidences,
  list_filter(new_observables, lambda o: o.name IS NOT NULL AND o.type_id IS NOT NULL) AS observables,
  -- What the lake was given beside the schema, then what lost its place, and lists of which only some attributes have one.
  map_concat(COALESCE(um, MAP {}), map_from_entries(list_filter([
    {k: 'unmapped', v: CASE WHEN um IS NULL THEN given_unmapped END},
    {k: 'metadata.version', v: CASE WHEN metadata_version <> '1.1.0' THEN metadata_version END},
    {k: 'class_uid', v: CASE WHEN given_class <> new_class THEN class_uid END},
    {k: 'activity_name', v: CASE WHEN new_class = 4003 AND is_old THEN activity_name END},
    {k: 'cloud.account.uid', v: CASE WHEN COALESCE(cloud_account_uid, cloud_account_uid_flat) <> owner_account OR owner_account IS NULL THEN COALESCE(cloud_account_uid, cloud_account_uid_flat) END},
    {k: 'src_endpoint.ip', v: CASE WHEN src_ip IS NULL THEN NULLIF(src_endpoint_ip, '-') END},
    {k: 'dst_endpoint.ip', v: CASE WHEN dst_ip IS NULL THEN NULLIF(dst_endpoint_ip, '-') END},
    {k: 'http_request.x_forwarded_for', v: CASE WHEN list_count(list_filter(TRY(from_json(http_request_x_forwarded_for, '["VARCHAR"]')), lambda i: NOT is_ip(i))) > 0 THEN http_request_x_forwarded_for END},
    {k: 'http_request.url.hostname', v: CASE WHEN COALESCE(http_request_url_url_string, http_request_url_path) IS NULL THEN http_request_url_hostname END},
    {k: 'api.request.data', v: CASE WHEN strlen(api_request_data) > 65535 THEN api_request_data END},
    {k: 'api.response.data', v: CASE WHEN strlen(api_response_data) > 65535 THEN api_response_data END},
    {k: 'api.request.containers', v: api_request_containers},
    {k: 'api.response.containers', v: api_response_containers},
    {k: 'actor.user.groups', v: CASE WHEN actor_user_groups IS NOT NULL AND NOT COALESCE(list_has_all(['name', 'uid', 'desc', 'type'], flatten(TRY(json_keys(actor_user_groups, '$[*]')))), false) THEN actor_user_groups END},
    {k: 'resources', v: CASE WHEN resources IS NOT NULL AND (one_resource IS NOT NULL OR (new_class IN (2002, 2003) AND len(listed_resources) > 1) OR new_class NOT IN (2002, 2003, 2004, 6003)
      OR len(new_resources) < len(listed_resources) OR NOT COALESCE(list_has_all(['uid', 'name', 'type', 'region', 'cloud_partition', 'namespace', 'version', 'criticality', 'data', 'labels',
        'account_uid', 'group', 'owner'], flatten(TRY(json_keys(resources, '$[*]')))), false)) THEN resources END},
    {k: 'resource', v: CASE WHEN resource IS NOT NULL AND (len(new_resources) IS DISTINCT FROM 1 OR new_class NOT IN (2002, 2003, 2004, 6003) OR NOT COALESCE(list_has_all(['uid', 'name', 'type', 'region', 'cloud_partition',
      'namespace', 'version', 'criticality', 'data', 'labels', 'account_uid', 'group', 'owner'], TRY(json_keys(resource))), false)) THEN resource END},
    {k: 'answers', v: CASE WHEN answers IS NOT NULL AND NOT COALESCE(list_has_all(['rdata', 'type', 'class', 'ttl', 'packet_uid'], flatten(TRY(json_keys(answers, '$[*]')))), false) THEN answers END},
    {k: 'observables', v: CASE WHEN observables IS NOT NULL AND NOT COALESCE(list_has_all(['name', 'type', 'type_id', 'value'], flatten(TRY(json_keys(observables, '$[*]')))), false) THEN observables END},
    {k: 'http_request.http_headers', v: CASE WHEN list_count(list_filter(new_headers, lambda h: h.name IS NULL OR h.value IS NULL)) > 0 THEN http_request_http_headers END},
    {k: 'vulnerabilities', v: vulnerabilities},
    {k: 'evidences', v: evidences},
    {k: 'remediation', v: CASE WHEN new_class = 2002 THEN remedy END},
    {k: 'http_status', v: CASE WHEN http_response_code <> http_status THEN http_status END}
  ], lambda e: e.v IS NOT NULL))) AS unmapped,
  CASE
    WHEN metadata_product_name = 'CloudTrail' THEN CASE
      WHEN metadata_product_feature_name <> 'Data' OR metadata_product_feature_name IS NULL THEN 'CLOUD_TRAIL_MGMT'
      WHEN api_service_name = 's3.amazonaws.com' THEN 'S3_DATA'
      WHEN api_service_name = 'lambda.amazonaws.com' THEN 'LAMBDA_EXECUTION' END
    WHEN metadata_product_name = 'Amazon VPC' THEN 'VPC_FLOW'
    WHEN metadata_product_name = 'Route 53' THEN 'ROUTE53'
    WHEN metadata_product_name = 'Amazon EKS' THEN 'EKS_AUDIT'
    WHEN metadata_product_name IN ('AWS WAF', 'Amazon WAF') THEN 'WAF'
    WHEN new_class // 1000 = 2 THEN 'SH_FINDINGS'
  END AS _native,
  owner_account AS _account,
  CASE
    WHEN new_class IS NULL THEN 'security-lake.class: no class of Security Lake''s own sources: ' || COALESCE(class_uid, 'none')
    WHEN product_word IS NULL THEN 'security-lake.not-ocsf: metadata.product has neither a name nor a uid'
    WHEN new_class // 1000 = 2 AND finding_id IS NULL THEN 'security-lake.finding: the finding has no uid'
    WHEN new_class = 2002 AND COALESCE(len(new_vulnerabilities), 0) = 0 THEN 'security-lake.vulnerability: no vulnerability with a CVE or CWE'
    WHEN times[1] IS NULL AND COALESCE(time_dt, time) IS NOT NULL THEN 'time.invalid: time is no time: ' || COALESCE(time_dt, time)
  END AS _error
FROM prepared
