-- One GuardDuty finding, or one result of a malware scan of an S3 object -> Detection Finding (2004).
WITH read AS (
  SELECT *,
    scanStatus IS NOT NULL AND findingType IS NULL AS is_scan,
    try_cast(severityNumber AS DOUBLE) AS severity,
    CASE WHEN bucketName IS NOT NULL THEN 'arn:' || COALESCE(awsPartition, 'aws') || ':s3:::' || bucketName || COALESCE('/' || objectKey, '') END AS object_arn,
    TRY(from_json(resources, '[{"uid": "VARCHAR", "name": "VARCHAR", "type": "VARCHAR", "region": "VARCHAR", "cloud_partition": "VARCHAR", "labels": ["VARCHAR"],
      "owner": {"account": {"uid": "VARCHAR"}}, "data": "VARCHAR"}]')) AS found_resources
  FROM raw
)
SELECT
  _raw,
  2004 AS class_uid,
  CASE WHEN is_scan OR utc_time(createdAt) = utc_time(updatedAt) THEN 1 ELSE 2 END AS activity_id,
  utc_time(COALESCE(updatedAt, createdAt, eventTime)) AS time_dt,
  -- Findings that are archived may come without their severity.
  CASE
    WHEN is_scan THEN CASE scanResult WHEN 'THREATS_FOUND' THEN 4 WHEN 'NO_THREATS_FOUND' THEN 1 ELSE 0 END
    WHEN severity < 1 THEN 1
    WHEN severity < 4 THEN 2
    WHEN severity < 7 THEN 3
    WHEN severity < 9 THEN 4
    WHEN severity >= 9 THEN 5
    ELSE 0
  END AS severity_id,
  CASE WHEN archived = 'true' THEN 3 WHEN scanResult = 'NO_THREATS_FOUND' THEN 4 ELSE 1 END AS status_id,
  scanStatus AS status_code,
  try_cast(occurrences AS INTEGER) AS count,
  {
    uid: COALESCE(id, eventId),
    event_code: findingType,
    log_version: schemaVersion,
    correlation_uid: sequenceArn,
    product: {
      name: 'GuardDuty',
      vendor_name: 'AWS',
      feature: CASE WHEN COALESCE(detectorId, featureName) IS NOT NULL THEN {name: featureName, uid: detectorId} END
    }
  } AS metadata,
  -- The event may come from the administrator's bus: the finding's own account comes first.
  {provider: 'AWS', region: COALESCE(awsRegion, eventRegion), account: {uid: COALESCE(accountId, eventAccount)}} AS cloud,
  {
    uid: COALESCE(arn, id, object_arn),
    title: COALESCE(title, findingType, 'Malware scan of an S3 object: ' || COALESCE(scanResult, scanStatus)),
    "desc": description,
    types: [COALESCE(findingType, 'Malware Protection for S3')],
    data_sources: CASE WHEN featureName IS NOT NULL THEN [featureName] END,
    created_time_dt: utc_time(createdAt),
    modified_time_dt: utc_time(updatedAt),
    first_seen_time_dt: utc_time(firstSeen),
    last_seen_time_dt: utc_time(lastSeen),
    attacks: TRY(from_json(attacks, '[{"tactic": {"name": "VARCHAR"}, "technique": {"name": "VARCHAR", "uid": "VARCHAR"}}]')),
    related_events: TRY(from_json(relatedEvents, '[{"uid": "VARCHAR", "type": "VARCHAR"}]'))
  } AS finding_info,
  CASE WHEN is_scan AND object_arn IS NOT NULL THEN [{uid: object_arn, name: objectKey, type: 'S3Object', region: eventRegion, cloud_partition: awsPartition, labels: NULL, owner: NULL, data: NULL}]
    ELSE found_resources END AS resources,
  TRY(from_json(evidences, '[{
    "src_endpoint": {"ip": "VARCHAR", "port": "INTEGER", "name": "VARCHAR", "interface_uid": "VARCHAR", "location": {"city": "VARCHAR", "country": "VARCHAR", "coordinates": ["DOUBLE"]}},
    "dst_endpoint": {"ip": "VARCHAR", "port": "INTEGER", "name": "VARCHAR", "interface_uid": "VARCHAR", "location": {"city": "VARCHAR", "country": "VARCHAR", "coordinates": ["DOUBLE"]}},
    "connection_info": {"protocol_name": "VARCHAR", "direction_id": "INTEGER"}, "query": {"hostname": "VARCHAR"},
    "api": {"operation": "VARCHAR", "service": {"name": "VARCHAR"}, "response": {"error": "VARCHAR"}},
    "actor": {"user": {"name": "VARCHAR", "uid": "VARCHAR", "type": "VARCHAR", "account": {"uid": "VARCHAR"}}},
    "process": {"name": "VARCHAR", "uid": "VARCHAR", "pid": "INTEGER", "cmd_line": "VARCHAR", "file": {"name": "VARCHAR", "path": "VARCHAR", "type_id": "INTEGER"}}}]')) AS evidences,
  CASE
    WHEN COALESCE(arn, id, object_arn) IS NULL THEN 'guardduty.not-a-finding: neither a finding with an id nor the result of a scan'
    WHEN findingType IS NULL AND scanStatus IS NULL THEN 'guardduty.not-a-finding: the record has no type'
    WHEN severityNumber IS NOT NULL AND severity IS NULL THEN 'severity.invalid: severity is no number: ' || severityNumber
    WHEN updatedAt IS NOT NULL AND utc_time(updatedAt) IS NULL THEN 'time.invalid: updatedAt is no time: ' || updatedAt
    WHEN createdAt IS NOT NULL AND utc_time(createdAt) IS NULL THEN 'time.invalid: createdAt is no time: ' || createdAt
    WHEN firstSeen IS NOT NULL AND utc_time(firstSeen) IS NULL THEN 'time.invalid: service.eventFirstSeen is no time: ' || firstSeen
    WHEN lastSeen IS NOT NULL AND utc_time(lastSeen) IS NULL THEN 'time.invalid: service.eventLastSeen is no time: ' || lastSeen
  END AS _error
FROM read
