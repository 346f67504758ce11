-- One event of Windows, of Security, Sysmon or any other channel: collectors mix them in one file.
-- The decoder has put each value of an event into a column by its meaning, only where the event's class has a place for it.
WITH typed AS (
  SELECT * REPLACE (try_cast(class_uid AS INTEGER) AS class_uid),
    {name: 'Windows', type: 'Windows', type_id: 100} AS windows,
    COALESCE(actor_name, actor_sid) IS NOT NULL AS has_actor,
    CASE
      WHEN COALESCE(caller_pid, caller_uid) IS NOT NULL THEN {path: caller_path, pid: caller_pid, uid: caller_uid, cmd: NULL}
      WHEN COALESCE(parent_pid, parent_uid) IS NOT NULL THEN {path: parent_path, pid: parent_pid, uid: parent_uid, cmd: parent_cmd}
      -- Who ends or changes a process, Windows does not say: OCSF asks for an actor, and the process is the nearest one.
      WHEN class_uid = '1007' AND actor_name IS NULL AND actor_sid IS NULL
        THEN {path: process_path, pid: process_pid, uid: process_uid, cmd: process_cmd}
    END AS acting
  FROM raw
), named AS (
  SELECT *,
    -- "System" and "<unknown process>" are no files.
    regexp_extract(process_path, '[^\\/]*$') AS process_name, 
    contains(process_path, '\') OR (process_path IS NOT NULL AND COALESCE(file_hashes, file_company, file_desc, file_version) IS NOT NULL)
      AS has_process_file,
    regexp_extract(parent_path, '[^\\/]*$') AS parent_name, contains(parent_path, '\') AS has_parent_file,
    regexp_extract(acting.path, '[^\\/]*$') AS acting_name, contains(acting.path, '\') AS has_acting_file,
    COALESCE(nullif(regexp_extract(rtrim(file_path, '\/'), '[^\\/]*$'), ''), file_path) AS file_name,
    list_transform(string_split(file_hashes, ','), lambda h: {
      algorithm: CASE split_part(h, '=', 1) WHEN 'SHA1' THEN 'SHA-1' WHEN 'SHA256' THEN 'SHA-256' ELSE split_part(h, '=', 1) END,
      algorithm_id: CASE split_part(h, '=', 1) WHEN 'MD5' THEN 1 WHEN 'SHA1' THEN 2 WHEN 'SHA256' THEN 3 ELSE 99 END,
      value: split_part(h, '=', 2)}) AS hashes
  FROM typed
), filed AS (
  SELECT *,
    CASE WHEN file_path IS NOT NULL THEN {
      name: file_name,
      path: file_path,
      parent_folder: nullif(regexp_extract(rtrim(file_path, '\/'), '^(.*)[\\/][^\\/]*$', 1), ''),
      type_id: COALESCE(try_cast(file_type AS INTEGER), 0),
      hashes: hashes,
      company_name: file_company,
      "desc": file_desc,
      version: file_version,
      created_time_dt: utc_time(file_created)
    } END AS accessed
  FROM named
)
SELECT
  _raw,
  class_uid,
  try_cast(activity_id AS INTEGER) AS activity_id,
  activity_name,
  utc_time(event_time) AS time_dt,
  try_cast(severity_id AS INTEGER) AS severity_id,
  try_cast(status_id AS INTEGER) AS status_id,
  status_code,
  status_detail,
  message,
  {
    uid: record_id,
    event_code: event_code,
    correlation_uid: correlation_uid,
    log_name: channel,
    log_provider: provider,
    log_level: log_level,
    log_version: log_version,
    original_time: original_time,
    logged_time_dt: make_timestamp_ms(try_cast(received AS BIGINT)),
    product: {
      name: CASE product WHEN 'sysmon' THEN 'System Monitor (Sysmon)' ELSE 'Microsoft Windows' END,
      vendor_name: CASE product WHEN 'sysmon' THEN 'Microsoft Sysinternals' ELSE 'Microsoft' END,
      feature: CASE WHEN channel IS NOT NULL THEN {name: channel} END
    }
  } AS metadata,
  CASE WHEN account_uid IS NOT NULL OR region IS NOT NULL THEN {
    provider: 'AWS',
    region: region,
    account: CASE WHEN account_uid IS NOT NULL THEN {uid: account_uid} END
  } END AS cloud,
  CASE WHEN class_uid <> 0
    THEN {hostname: hostname, name: host_name, instance_uid: instance_uid, type_id: 0, os: windows} END AS device,
  CASE WHEN has_actor OR acting IS NOT NULL OR actor_session IS NOT NULL OR class_uid IN (1001, 1002, 1005, 1007) THEN {
    user: CASE
      WHEN has_actor THEN {name: actor_name, domain: actor_domain, uid: actor_sid}
      WHEN acting IS NULL AND actor_session IS NULL THEN {name: '(unknown)', domain: NULL, uid: NULL} END,
    session: CASE WHEN actor_session IS NOT NULL THEN {uid: actor_session} END,
    process: CASE WHEN acting IS NOT NULL THEN {
      pid: try_cast(acting.pid AS INTEGER),
      uid: acting.uid,
      name: acting_name,
      cmd_line: acting.cmd,
      file: CASE WHEN has_acting_file THEN {
        name: acting_name, path: acting.path, parent_folder: regexp_extract(acting.path, '^(.*)[\\/][^\\/]*$', 1), type_id: 1} END
    } END
  } END AS actor,
  CASE WHEN class_uid IN (3001, 3002, 3003, 3005, 3006) THEN {
    name: COALESCE(user_name, CASE WHEN user_sid IS NULL THEN '(unknown)' END),
    domain: user_domain,
    uid: user_sid,
    uid_alt: user_alt,
    full_name: user_full_name
  } END AS user,
  CASE WHEN result_name IS NOT NULL THEN {name: result_name, domain: user_domain, uid: user_sid} END AS user_result,
  CASE WHEN COALESCE(session_uid, session_guid, session_terminal) IS NOT NULL
    THEN {uid: session_uid, uid_alt: session_guid, terminal: session_terminal} END AS session,
  CASE
    WHEN class_uid = 4003 THEN {ip: NULL, port: NULL, hostname: hostname, name: host_name}
    WHEN COALESCE(src_ip, src_hostname, src_name) IS NOT NULL
      THEN {ip: src_ip, port: try_cast(src_port AS INTEGER), hostname: src_hostname, name: src_name} END AS src_endpoint,
  CASE
    WHEN COALESCE(dst_ip, dst_hostname, dst_name) IS NOT NULL
      THEN {ip: dst_ip, port: try_cast(dst_port AS INTEGER), hostname: dst_hostname, name: dst_name}
    WHEN class_uid = 3002 THEN {ip: NULL, port: NULL, hostname: hostname, name: host_name} END AS dst_endpoint,
  CASE WHEN COALESCE(service_name, service_uid) IS NOT NULL THEN {name: service_name, uid: service_uid} END AS service,
  CASE WHEN logon_type IN ('0', '2', '3', '4', '5', '7', '8', '9', '10', '11', '12', '13') THEN try_cast(logon_type AS INTEGER)
    WHEN logon_type IS NOT NULL THEN 99 END AS logon_type_id,
  CASE logon_type WHEN '0' THEN 'System' WHEN '2' THEN 'Interactive' WHEN '3' THEN 'Network' WHEN '4' THEN 'Batch' WHEN '5' THEN 'OS Service'
    WHEN '7' THEN 'Unlock' WHEN '8' THEN 'Network Cleartext' WHEN '9' THEN 'New Credentials' WHEN '10' THEN 'Remote Interactive'
    WHEN '11' THEN 'Cached Interactive' WHEN '12' THEN 'Cached Remote Interactive' WHEN '13' THEN 'Cached Unlock' ELSE logon_type END AS logon_type,
  CASE WHEN logon_type IN ('3', '8', '10', '12') THEN true WHEN logon_type IN ('0', '2', '4', '5', '7', '11', '13') THEN false END AS is_remote,
  CASE WHEN logon_type = '8' THEN true END AS is_cleartext,
  CASE WHEN auth_protocol IS NULL THEN NULL WHEN auth_protocol = 'NTLM' THEN 1 WHEN auth_protocol = 'Kerberos' THEN 2
    WHEN auth_protocol IN ('WDigest', 'Digest') THEN 3 ELSE 99 END AS auth_protocol_id,
  auth_protocol,
  CASE WHEN cert_serial IS NOT NULL THEN {
    issuer: cert_issuer,
    serial_number: cert_serial,
    fingerprints: [CASE WHEN strlen(cert_thumbprint) = 40 THEN {algorithm: 'SHA-1', algorithm_id: 2, value: cert_thumbprint}
      ELSE {algorithm: 'Unknown', algorithm_id: 0, value: cert_thumbprint} END]
  } END AS certificate,
  TRY(from_json(privileges, '["VARCHAR"]')) AS privileges,
  CASE WHEN class_uid = 3006 THEN {name: group_name, domain: group_domain, uid: group_sid} END AS group,
  CASE WHEN class_uid = 3004 THEN {name: entity_name, uid: entity_uid, type: entity_type} END AS entity,
  CASE WHEN class_uid = 1007 THEN {
    pid: try_cast(process_pid AS INTEGER),
    uid: process_uid,
    name: process_name,
    cmd_line: process_cmd,
    tid: try_cast(process_tid AS INTEGER),
    integrity: process_integrity,
    integrity_id: try_cast(process_integrity_id AS INTEGER),
    created_time_dt: utc_time(process_created),
    file: CASE WHEN has_process_file THEN {
      name: process_name,
      path: process_path,
      parent_folder: regexp_extract(process_path, '^(.*)[\\/][^\\/]*$', 1),
      type_id: 1,
      hashes: hashes,
      company_name: file_company,
      "desc": file_desc,
      version: file_version
    } END,
    user: CASE WHEN COALESCE(process_user_name, process_user_sid) IS NOT NULL
      THEN {name: process_user_name, domain: process_user_domain, uid: process_user_sid} END,
    session: CASE WHEN COALESCE(process_session, process_session_guid) IS NOT NULL
      THEN {uid: process_session, uid_alt: process_session_guid} END,
    parent_process: CASE WHEN COALESCE(parent_pid, parent_uid) IS NOT NULL THEN {
      pid: try_cast(parent_pid AS INTEGER),
      uid: parent_uid,
      name: parent_name,
      cmd_line: parent_cmd,
      file: CASE WHEN has_parent_file THEN {
        name: parent_name, path: parent_path, parent_folder: regexp_extract(parent_path, '^(.*)[\\/][^\\/]*$', 1), type_id: 1} END
    } END
  } END AS process,
  try_cast(exit_code AS INTEGER) AS exit_code,
  CASE WHEN class_uid = 1001 THEN accessed END AS file,
  try_cast(access_mask AS INTEGER) AS access_mask,
  CASE WHEN class_uid = 1005 THEN {file: accessed, load_type_id: 0} END AS module,
  CASE WHEN class_uid = 1002 THEN {file: accessed} END AS driver,
  CASE WHEN class_uid = 4001 THEN {
    direction_id: COALESCE(try_cast(direction AS INTEGER), 0),
    protocol_num: try_cast(protocol_num AS INTEGER),
    protocol_name: COALESCE(protocol_name, CASE protocol_num WHEN '6' THEN 'tcp' WHEN '17' THEN 'udp' WHEN '1' THEN 'icmp' END)
  } END AS connection_info,
  CASE WHEN query_host IS NOT NULL THEN {hostname: query_host} END AS query,
  TRY(from_json(answers, '[{"type": "VARCHAR", "rdata": "VARCHAR"}]')) AS answers,
  rcode,
  try_cast(rcode_id AS INTEGER) AS rcode_id,
  CAST(try_cast(rest AS JSON) AS MAP(VARCHAR, VARCHAR)) AS unmapped
FROM filed
