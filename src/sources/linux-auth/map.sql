-- One line of a Linux host: Authentication (3002), Account Change (3001), Group Management (3006), Entity Management (3004) for groups
-- as such, Process Activity (1007) for sudo and cron; every other line is a Base Event (0), which has no place for host and process.
WITH classified AS (
  SELECT *,
    CASE event
      WHEN 'logon' THEN 300201 WHEN 'logoff' THEN 300202 WHEN 'sign-in-step' THEN 300299
      WHEN 'user-created' THEN 300101 WHEN 'user-enabled' THEN 300102 WHEN 'password-changed' THEN 300103 WHEN 'password-reset' THEN 300104
      WHEN 'user-deleted' THEN 300106 WHEN 'user-locked' THEN 300109 WHEN 'user-changed' THEN 300199
      WHEN 'member-added' THEN 300603 WHEN 'member-removed' THEN 300604
      WHEN 'group-created' THEN 300401 WHEN 'group-changed' THEN 300403 WHEN 'group-deleted' THEN 300404
      WHEN 'command' THEN 100701
      ELSE 0
    END AS type_uid,
    COALESCE(service_name, app, '(unknown)') AS login_service,
    try_cast(pid AS INTEGER) AS process_pid,
    {name: 'Linux', type_id: 200} AS linux,
    CASE WHEN starts_with(command, '/') THEN string_split(command, ' ')[1] END AS command_path
  FROM raw
), served AS (
  SELECT *,
    type_uid // 100 AS class,
    -- Since version 9.8 the SSH server is three programs.
    CASE WHEN login_service IN ('sshd-session', 'sshd-auth') THEN 'sshd' ELSE regexp_replace(login_service, '^.*/', '') END AS program
  FROM classified
), mapped AS (
  SELECT *,
    CASE WHEN class <> 3002 THEN NULL WHEN program = 'sshd' THEN 'Network' WHEN program IN ('cron', 'crond', 'CRON', 'CROND', 'atd') THEN 'Batch'
      WHEN program IN ('login', 'gdm-password', 'lightdm', 'sddm') THEN 'Interactive' END AS logon
  FROM served
)
SELECT
  _raw,
  class AS class_uid,
  type_uid % 100 AS activity_id,
  CASE WHEN type_uid IN (300299, 300199) THEN detail END AS activity_name,
  make_timestamp_ms(try_cast(time_ms AS BIGINT)) AS time_dt,
  CASE level WHEN 'emerg' THEN 6 WHEN 'alert' THEN 5 WHEN 'crit' THEN 5 WHEN 'err' THEN 3 WHEN 'warning' THEN 2 ELSE 1 END AS severity_id,
  CASE WHEN class = 0 THEN NULL WHEN failed = 'true' THEN 2 WHEN type_uid = 300299 THEN 0 ELSE 1 END AS status_id,
  detail AS status_detail,
  message,
  try_cast(counted AS INTEGER) AS count,
  {
    uid: cursor,
    event_code: code,
    log_name: facility,
    log_provider: app,
    log_level: level,
    original_time: time_text,
    logged_time_dt: make_timestamp_ms(try_cast(received AS BIGINT)),
    product: {name: 'Linux', vendor_name: 'Linux'}
  } AS metadata,
  CASE WHEN class <> 0 THEN {
    hostname: hostname,
    ip: host_ip,
    name: COALESCE(host_name, CASE WHEN hostname IS NULL AND host_ip IS NULL THEN '(unknown)' END),
    type_id: 0,
    os: linux
  } END AS device,
  CASE WHEN class <> 0 AND COALESCE(actor_name, actor_uid, CAST(process_pid AS VARCHAR)) IS NOT NULL THEN {
    user: CASE WHEN actor_name IS NOT NULL OR actor_uid IS NOT NULL THEN {name: actor_name, uid: actor_uid} END,
    process: CASE WHEN process_pid IS NOT NULL THEN {name: app, pid: process_pid} END,
    session: CASE WHEN class = 1007 AND terminal IS NOT NULL THEN {terminal: terminal} END
  } END AS actor,
  CASE WHEN class IN (3001, 3002, 3006) THEN {
    name: user_name,
    uid: user_uid,
    type_id: CASE WHEN user_name = 'root' OR user_uid = '0' THEN 2 END,
    credential_uid: credential
  } END AS user,
  CASE WHEN class = 3002 AND (remote_ip IS NOT NULL OR remote_hostname IS NOT NULL OR remote_name IS NOT NULL)
    THEN {ip: remote_ip, hostname: remote_hostname, name: remote_name, port: try_cast(remote_port AS INTEGER)} END AS src_endpoint,
  CASE WHEN class = 3002 AND (hostname IS NOT NULL OR host_ip IS NOT NULL OR host_name IS NOT NULL)
    THEN {hostname: hostname, ip: host_ip, name: host_name} END AS dst_endpoint,
  CASE WHEN class = 3002 THEN {name: program} END AS service,
  CASE WHEN class = 3002 AND (session_uid IS NOT NULL OR terminal IS NOT NULL) THEN {uid: session_uid, terminal: terminal} END AS session,
  CASE WHEN class <> 3002 THEN NULL WHEN COALESCE(remote_ip, remote_hostname, remote_name) IS NOT NULL OR program = 'sshd' THEN true
    WHEN program IN ('cron', 'crond', 'CRON', 'CROND', 'atd', 'su', 'su-l', 'sudo', 'sudo-i', 'login', 'gdm-password') THEN false END AS is_remote,
  CASE logon WHEN 'Network' THEN 3 WHEN 'Batch' THEN 4 WHEN 'Interactive' THEN 2 END AS logon_type_id,
  logon AS logon_type,
  CASE WHEN class <> 3002 OR method IS NULL THEN NULL WHEN starts_with(method, 'gssapi') THEN 2 ELSE 99 END AS auth_protocol_id,
  CASE WHEN class <> 3002 OR method IS NULL THEN NULL WHEN starts_with(method, 'gssapi') THEN 'Kerberos' ELSE method END AS auth_protocol,
  CASE WHEN class = 3006 THEN {name: group_name, uid: group_uid} END AS group,
  CASE WHEN class = 3004 THEN {name: group_name, uid: group_uid, type: 'Group'} END AS entity,
  CASE WHEN class = 1007 THEN {
    -- The program's own number is that of its parent; OCSF asks for a number or a name all the same.
    uid: '(unknown)',
    name: CASE WHEN command_path IS NOT NULL THEN regexp_replace(command_path, '^.*/', '') END,
    cmd_line: command,
    user: CASE WHEN user_name IS NOT NULL THEN {name: user_name} END,
    parent_process: CASE WHEN process_pid IS NOT NULL THEN {pid: process_pid, name: app} END,
    file: CASE WHEN command_path IS NOT NULL
      THEN {name: regexp_replace(command_path, '^.*/', ''), path: command_path, type_id: 1} END
  } END AS process,
  CAST(try_cast(rest AS JSON) AS MAP(VARCHAR, VARCHAR)) AS unmapped
FROM mapped
