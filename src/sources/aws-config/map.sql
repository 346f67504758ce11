-- One configuration item -> Entity Management (3004); one change of a rule's verdict -> Compliance Finding (2003).
WITH read AS (
  SELECT *,
    COALESCE(ruleName, ruleArn, ruleMessage) IS NOT NULL AS is_compliance,
    -- The API gives seconds since 1970 where files have ISO 8601.
    COALESCE(utc_time(captured), TRY(make_timestamp_ms(CAST(round(try_cast(captured AS DOUBLE) * 1000) AS BIGINT)))) AS captured_at
  FROM raw
)
SELECT
  _raw,
  CASE WHEN is_compliance THEN 2003 ELSE 3004 END AS class_uid,
  CASE
    WHEN is_compliance THEN CASE WHEN oldCompliance IS NULL THEN 1 ELSE 2 END
    WHEN diffType = 'CREATE' THEN 1
    WHEN diffType = 'UPDATE' THEN 3
    WHEN diffType = 'DELETE' THEN 4
    WHEN itemStatus = 'ResourceDiscovered' THEN 1
    WHEN itemStatus = 'OK' THEN 3
    WHEN starts_with(itemStatus, 'ResourceDeleted') THEN 4
    ELSE 99
  END AS activity_id,
  CASE WHEN NOT is_compliance AND itemStatus NOT IN ('OK', 'ResourceDiscovered') AND NOT starts_with(itemStatus, 'ResourceDeleted') AND diffType IS NULL THEN itemStatus END AS activity_name,
  CASE WHEN is_compliance THEN utc_time(COALESCE(recorded, noticeTime, eventTime)) ELSE captured_at END AS time_dt,
  -- AWS Config does not weigh its rules.
  CASE WHEN is_compliance AND COALESCE(complianceType, '') <> 'COMPLIANT' THEN 0 ELSE 1 END AS severity_id,
  CASE WHEN is_compliance THEN CASE complianceType WHEN 'NON_COMPLIANT' THEN 1 WHEN 'COMPLIANT' THEN 4 ELSE 99 END END AS status_id,
  CASE WHEN is_compliance THEN complianceType END AS status,
  itemStatus AS status_code,
  {
    uid: COALESCE(eventId, snsId),
    log_name: COALESCE(messageType, ruleMessage, fileKind),
    log_version: itemVersion,
    -- CloudTrail events that led to the item.
    correlation_uid: json_text(relatedEvents, '$[0]'),
    product: {name: 'AWS Config', vendor_name: 'AWS'}
  } AS metadata,
  {
    provider: 'AWS',
    region: COALESCE(awsRegion, ruleRegion, eventRegion, fileRegion),
    zone: CASE WHEN regexp_full_match(availabilityZone, '[a-z]{2}(-[a-z]+)+-[0-9][a-z]') THEN availabilityZone END,
    account: {uid: COALESCE(accountId, ruleAccount, eventAccount)}
  } AS cloud,
  CASE WHEN NOT is_compliance THEN {
    uid: COALESCE(arn, resourceId),
    name: COALESCE(resourceName, resourceId, arn),
    type: resourceType,
    version: stateId,
    data: configuration
  } END AS entity,
  CASE WHEN is_compliance THEN {
    uid: COALESCE(ruleArn, ruleName, 'unknown') || '/' || COALESCE(ruleResourceType, '') || '/' || COALESCE(ruleResourceId, ''),
    title: COALESCE(ruleName, ruleArn, 'A rule') || ': ' || COALESCE(complianceType, 'no verdict') || COALESCE(' for ' || ruleResourceType, '') || COALESCE(' ' || ruleResourceId, ''),
    types: ['AWS Config rule'],
    modified_time_dt: utc_time(recorded),
    analytic: CASE WHEN COALESCE(ruleName, ruleArn) IS NOT NULL THEN {name: ruleName, uid: ruleArn, type: 'Rule', type_id: 1} END
  } END AS finding_info,
  CASE WHEN is_compliance THEN {
    control: ruleName,
    status: complianceType,
    status_id: CASE complianceType WHEN 'COMPLIANT' THEN 1 WHEN 'NON_COMPLIANT' THEN 3 WHEN 'NOT_APPLICABLE' THEN 99 ELSE 0 END,
    status_detail: annotation,
    -- OCSF asks for a standard: the conformance pack that brought the rule, else the rule itself.
    standards: [COALESCE(NULLIF(regexp_extract(ruleName, 'conformance-pack-[a-z0-9]+$'), ''), ruleName, ruleArn, 'AWS Config')]
  } END AS compliance,
  CASE WHEN ruleResourceId IS NOT NULL THEN {uid: ruleResourceId, type: ruleResourceType, region: ruleRegion} END AS resource,
  -- Items of global resources name no Region that could be a partition.
  CASE WHEN awsRegion = 'global' THEN COALESCE(fileRegion, eventRegion, 'global') END AS _region,
  CASE
    WHEN is_compliance AND recorded IS NOT NULL AND utc_time(recorded) IS NULL THEN 'time.invalid: resultRecordedTime is no time: ' || recorded
    WHEN is_compliance THEN NULL
    WHEN COALESCE(arn, resourceId) IS NULL THEN 'config.not-an-item: the record names no resource'
    WHEN captured IS NOT NULL AND captured_at IS NULL THEN 'time.invalid: configurationItemCaptureTime is no time: ' || captured
  END AS _error
FROM read
