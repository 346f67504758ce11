-- One event of the audit system: Process Activity (1007) for a program that is started, Authentication (3002), Account Change (3001),
-- Group Management (3006), Entity Management (3004) for groups as such; every other event is a Base Event (0).
WITH classified AS (
  SELECT *,
    CASE event
      WHEN 'launch' THEN 100701 WHEN 'command' THEN 100701
      WHEN 'logon' THEN 300201 WHEN 'logoff' THEN 300202 WHEN 'sign-in-step' THEN 300299
      WHEN 'user-created' THEN 300101 WHEN 'user-enabled' THEN 300102 WHEN 'password-changed' THEN 300103
      WHEN 'user-deleted' THEN 300106 WHEN 'user-locked' THEN 300109 WHEN 'user-changed' THEN 300199
      WHEN 'member-added' THEN 300603 WHEN 'member-removed' THEN 300604
      WHEN 'group-created' THEN 300401 WHEN 'group-changed' THEN 300403 WHEN 'group-deleted' THEN 300404
      ELSE CASE WHEN record_type IS NOT NULL THEN 99 ELSE 0 END
    END AS type_uid,
    NULLIF(regexp_replace(exe, '^.*/', ''), '') AS exe_name,
    CASE WHEN event = 'command' AND starts_with(cmd_line, '/') THEN string_split(cmd_line, ' ')[1] END AS command_path,
    -- The audit user is who signed in, whatever they became since.
    CASE WHEN auid IS NOT NULL THEN auid ELSE uid END AS actor_uid,
    CASE WHEN auid IS NOT NULL THEN auid_name ELSE uid_name END AS actor_name,
    CASE WHEN uid IS NOT NULL OR uid_name IS NOT NULL THEN {uid: uid, name: uid_name} END AS process_user,
    try_cast(pid AS INTEGER) AS pid_number,
    try_cast(ppid AS INTEGER) AS ppid_number
  FROM raw
), mapped AS (
  SELECT *,
    type_uid // 100 AS class,
    CASE WHEN exe_name IS NOT NULL THEN {name: exe_name, path: exe, type_id: 1} END AS exe_file,
    CASE WHEN ses IS NOT NULL OR terminal IS NOT NULL THEN {uid: ses, terminal: terminal} END AS signed_in,
    CASE WHEN exe_name IN ('sshd-session', 'sshd-auth') THEN 'sshd' ELSE exe_name END AS program
  FROM classified
)
SELECT
  _raw,
  class AS class_uid,
  type_uid % 100 AS activity_id,
  CASE WHEN type_uid % 100 = 99 THEN record_type END AS activity_name,
  make_timestamp_ms(try_cast(time_ms AS BIGINT)) AS time_dt,
  CASE result WHEN 'success' THEN 1 WHEN 'failed' THEN 2 ELSE CASE WHEN class <> 0 THEN 0 END END AS status_id,
  exit_text AS status_code,
  op AS status_detail,
  message,
  {
    uid: event_uid,
    event_code: record_type,
    log_name: CASE WHEN record_type IS NOT NULL THEN 'audit' END,
    sequence: try_cast(serial AS INTEGER),
    original_time: time_text,
    logged_time_dt: make_timestamp_ms(try_cast(received AS BIGINT)),
    product: {name: 'Linux Audit', vendor_name: 'Linux'}
  } AS metadata,
  CASE WHEN class <> 0 THEN {
    hostname: hostname,
    ip: host_ip,
    name: COALESCE(host_name, CASE WHEN hostname IS NULL AND host_ip IS NULL THEN '(unknown)' END),
    type_id: 0,
    os: {name: 'Linux', type_id: 200}
  } END AS device,
  CASE WHEN class <> 0 AND (class = 1007 OR COALESCE(actor_uid, actor_name, pid, ses, terminal) IS NOT NULL) THEN {
    user: CASE WHEN actor_uid IS NOT NULL OR actor_name IS NOT NULL THEN {uid: actor_uid, name: actor_name}
      WHEN class = 1007 THEN {uid: CAST(NULL AS VARCHAR), name: '(unknown)'} END,
    session: CASE WHEN class <> 3002 THEN signed_in END,
    process: CASE
      WHEN event = 'launch' THEN CASE WHEN ppid IS NOT NULL
        THEN {pid: ppid_number, name: CAST(NULL AS VARCHAR), file: NULL, user: NULL} END
      WHEN pid IS NOT NULL THEN {pid: pid_number, name: exe_name, file: exe_file, user: process_user} END
  } END AS actor,
  CASE WHEN class IN (3001, 3002, 3006) THEN {
    name: COALESCE(acct, acct_id_name,
      CASE WHEN acct_id IS NULL THEN CASE WHEN class <> 3002 OR auid IS NULL THEN '(unknown)' ELSE auid_name END END),
    uid: COALESCE(acct_id, CASE WHEN class = 3002 AND acct IS NULL THEN auid END),
    type_id: CASE WHEN acct = 'root' OR acct_id = '0' THEN 2 END
  } END AS user,
  CASE WHEN class = 3002 AND COALESCE(remote_ip, remote_hostname, remote_name) IS NOT NULL
    THEN {ip: remote_ip, hostname: remote_hostname, name: remote_name} END AS src_endpoint,
  CASE WHEN class = 3002 AND COALESCE(hostname, host_ip, host_name) IS NOT NULL
    THEN {hostname: hostname, ip: host_ip, name: host_name} END AS dst_endpoint,
  CASE WHEN class = 3002 THEN {name: COALESCE(program, '(unknown)')} END AS service,
  CASE WHEN class = 3002 THEN signed_in END AS session,
  CASE WHEN class <> 3002 THEN NULL WHEN COALESCE(remote_ip, remote_hostname, remote_name) IS NOT NULL OR program = 'sshd' THEN true
    WHEN regexp_matches(terminal, '^(/dev/)?(tty|cron$|:\d)') THEN false END AS is_remote,
  CASE WHEN class <> 3002 THEN NULL WHEN program = 'sshd' THEN 3 WHEN terminal = 'cron' THEN 4 WHEN program = 'login' THEN 2 END AS logon_type_id,
  CASE WHEN class <> 3002 THEN NULL WHEN program = 'sshd' THEN 'Network' WHEN terminal = 'cron' THEN 'Batch' WHEN program = 'login' THEN 'Interactive' END AS logon_type,
  CASE WHEN class = 3006 THEN {name: grp} END AS group,
  CASE WHEN class = 3004 THEN {name: COALESCE(grp, acct, CASE WHEN acct_id IS NULL THEN '(unknown)' END), uid: acct_id, type: 'Group'} END AS entity,
  CASE WHEN class = 1007 THEN {
    pid: CASE WHEN event = 'launch' THEN pid_number END,
    -- sudo does not say the number of the process that it starts; OCSF asks for a number or a name all the same.
    uid: CASE WHEN event = 'command' OR pid IS NULL THEN '(unknown)' END,
    name: CASE WHEN event = 'launch' THEN COALESCE(comm, exe_name) ELSE regexp_replace(command_path, '^.*/', '') END,
    cmd_line: cmd_line,
    auid: CASE WHEN event = 'launch' THEN try_cast(auid AS INTEGER) END,
    euid: try_cast(euid AS INTEGER),
    egid: try_cast(egid AS INTEGER),
    user: CASE WHEN event = 'launch' THEN process_user END,
    session: CASE WHEN event = 'launch' THEN signed_in END,
    file: CASE WHEN event = 'launch' THEN exe_file
      WHEN command_path IS NOT NULL THEN {name: regexp_replace(command_path, '^.*/', ''), path: command_path, type_id: 1} END,
    parent_process: CASE WHEN event = 'launch' THEN CASE WHEN ppid IS NOT NULL
        THEN {pid: ppid_number, name: CAST(NULL AS VARCHAR), file: NULL} END
      WHEN pid IS NOT NULL THEN {pid: pid_number, name: exe_name, file: exe_file} END
  } END AS process,
  CAST(try_cast(rest AS JSON) AS MAP(VARCHAR, VARCHAR)) AS unmapped
FROM mapped
