-- One stage of a request to the Kubernetes API -> API Activity (6003).
WITH parsed AS (
  -- TRY: a value of another type is no JSON.
  SELECT *,
    TRY(from_json(sourceIps, '["VARCHAR"]')) AS addresses,
    TRY(from_json(userGroups, '["VARCHAR"]')) AS group_names,
    TRY(json_extract_string(accessKeyId, '$[0]')) AS access_key,
    TRY(json_extract_string(canonicalArn, '$[0]')) AS canonical_arn,
    TRY(json_extract_string(sessionName, '$[0]')) AS session_name,
    NULLIF(regexp_extract(callerArn, 'arn:aws[a-z-]*:(sts|iam)::([0-9]{12}):', 2), '') AS caller_account,
    NULLIF(regexp_extract(logGroup, '^/aws/eks/(.+)/cluster$', 1), '') AS cluster,
    NULLIF(concat_ws('/', objectResource, objectSubresource), '') AS object_type,
    COALESCE(utc_time(stageTime), utc_time(receivedTime), utc_time(oldTime)) AS happened,
    try_cast(responseCode AS INTEGER) AS code,
    -- Pods have containers, other workloads a template of pods.
    CASE WHEN contains(requestObject, '"containers"') THEN TRY(COALESCE(json_extract(requestObject, '$.spec.containers'),
      json_extract(requestObject, '$.spec.template.spec.containers'), json_extract(requestObject, '$.spec.jobTemplate.spec.template.spec.containers'))) END AS asked,
    CASE WHEN contains(responseObject, '"containers"') THEN TRY(COALESCE(json_extract(responseObject, '$.spec.containers'),
      json_extract(responseObject, '$.spec.template.spec.containers'), json_extract(responseObject, '$.spec.jobTemplate.spec.template.spec.containers'))) END AS answered
  FROM raw
),
told AS (
  SELECT *,
    list_filter(addresses, lambda a: ip_key(a) IS NOT NULL AND regexp_full_match(a, '[0-9A-Fa-f:.]+')) AS ips,
    from_json(asked, '[{"name": "VARCHAR", "image": "VARCHAR"}]') AS asked_containers,
    from_json(answered, '[{"name": "VARCHAR", "image": "VARCHAR"}]') AS answered_containers
  FROM parsed
)
SELECT
  _raw,
  6003 AS class_uid,
  CASE
    WHEN verb = 'create' THEN 1
    WHEN verb IN ('get', 'list', 'watch') THEN 2
    WHEN verb IN ('update', 'patch') THEN 3
    WHEN verb IN ('delete', 'deletecollection') THEN 4
    WHEN verb IS NULL THEN 0
    ELSE 99 END AS activity_id,
  CASE WHEN verb NOT IN ('create', 'get', 'list', 'watch', 'update', 'patch', 'delete', 'deletecollection') THEN verb END AS activity_name,
  happened AS time_dt,
  utc_time(receivedTime) AS start_time_dt,
  stage AS message,
  -- Before the response nobody knows how it ends.
  CASE WHEN code >= 400 THEN 2 WHEN code IS NOT NULL THEN 1 END AS status_id,
  responseCode AS status_code,
  {
    uid: eventId,
    correlation_uid: auditId,
    log_name: logGroup,
    log_level: level,
    logged_time_dt: make_timestamp_ms(try_cast(loggedAt AS BIGINT)),
    product: {name: 'Amazon EKS', vendor_name: 'AWS', version: apiVersion, feature: {name: 'Elastic Kubernetes Service'}}
  } AS metadata,
  {
    provider: 'AWS',
    region: keyRegion,
    account: CASE WHEN COALESCE(owner, keyAccount, caller_account) IS NOT NULL THEN {uid: COALESCE(owner, keyAccount, caller_account)} END
  } AS cloud,
  {
    operation: COALESCE(verb, 'Unknown'),
    version: objectApiVersion,
    "group": CASE WHEN objectGroup IS NOT NULL THEN {name: objectGroup} END,
    request: CASE WHEN auditId IS NOT NULL OR requestObject IS NOT NULL THEN {
      uid: COALESCE(auditId, ''),
      data: left(requestObject, 65535),
      containers: CASE WHEN len(asked_containers) > 0 THEN
        list_transform(list_filter(asked_containers, lambda c: c.name IS NOT NULL),
          lambda c: {name: c.name, image: CASE WHEN c.image IS NOT NULL THEN {name: c.image, uid: c.image} END}) END
    } END,
    response: CASE WHEN COALESCE(responseCode, responseMessage, responseReason, responseStatus, responseObject) IS NOT NULL THEN {
      code: code,
      message: responseMessage,
      error: responseReason,
      error_message: responseStatus,
      data: left(responseObject, 65535),
      containers: CASE WHEN len(answered_containers) > 0 THEN
        list_transform(list_filter(answered_containers, lambda c: c.name IS NOT NULL),
          lambda c: {name: c.name, image: CASE WHEN c.image IS NOT NULL THEN {name: c.image, uid: c.image} END}) END
    } END
  } AS api,
  CASE WHEN strlen(requestObject) > 65535 THEN requestObject END AS _request_data,
  CASE WHEN strlen(responseObject) > 65535 THEN responseObject END AS _response_data,
  {
    -- A request whose caller could not be told from anybody has an empty user.
    user: {
      name: COALESCE(userName, CASE WHEN userUid IS NULL THEN 'Unknown' END),
      uid: userUid,
      type_id: 0,
      groups: CASE WHEN len(group_names) > 0 THEN list_transform(list_filter(group_names, lambda g: g IS NOT NULL), lambda g: {name: g}) END,
      account: CASE WHEN caller_account IS NOT NULL THEN {uid: caller_account} END
    },
    session: CASE WHEN COALESCE(access_key, canonical_arn, session_name) IS NOT NULL
      THEN {credential_uid: access_key, issuer: canonical_arn, uid: session_name} END
  } AS actor,
  {
    ip: ips[1],
    svc_name: CASE WHEN ips[1] IS NULL THEN 'Unknown' END,
    intermediate_ips: CASE WHEN len(ips) > 1 THEN ips[2:] END
  } AS src_endpoint,
  CASE WHEN cluster IS NOT NULL THEN {name: cluster} END AS dst_endpoint,
  CASE WHEN COALESCE(userAgent, requestUri) IS NOT NULL
    THEN {user_agent: userAgent, url: CASE WHEN requestUri IS NOT NULL THEN {path: requestUri} END} END AS http_request,
  -- A request for a collection names no object: the collection is what is asked for.
  CASE WHEN COALESCE(objectName, objectUid, object_type, objectNamespace) IS NOT NULL THEN [{
    name: COALESCE(objectName, CASE WHEN objectUid IS NULL THEN COALESCE(object_type, objectNamespace) END),
    uid: objectUid,
    type: object_type,
    namespace: objectNamespace,
    version: objectVersion
  }] END AS resources,
  -- Copies of lists that hold more than what is taken from them.
  map_from_entries(list_filter([
    {k: 'sourceIPs', v: CASE WHEN CAST(to_json(ips) AS VARCHAR) IS DISTINCT FROM sourceIps THEN sourceIps END},
    {k: 'user.groups', v: CASE WHEN CAST(to_json(group_names) AS VARCHAR) IS DISTINCT FROM userGroups THEN userGroups END},
    {k: 'user.extra.accessKeyId', v: CASE WHEN CAST(to_json([access_key]) AS VARCHAR) <> accessKeyId OR access_key IS NULL THEN accessKeyId END},
    {k: 'user.extra.canonicalArn', v: CASE WHEN CAST(to_json([canonical_arn]) AS VARCHAR) <> canonicalArn OR canonical_arn IS NULL THEN canonicalArn END},
    {k: 'user.extra.sessionName', v: CASE WHEN CAST(to_json([session_name]) AS VARCHAR) <> sessionName OR session_name IS NULL THEN sessionName END},
    {k: 'objectRef.resourceVersion', v: CASE WHEN COALESCE(objectName, objectUid, object_type, objectNamespace) IS NULL THEN objectVersion END},
    {k: 'cloudwatch.timestamp', v: CASE WHEN try_cast(loggedAt AS BIGINT) IS NULL THEN loggedAt END},
    {k: 'key_place.account', v: CASE WHEN owner IS NOT NULL AND owner <> keyAccount THEN keyAccount END}
  ], lambda e: e.v IS NOT NULL)) AS unmapped,
  'EKS_AUDIT' AS _native,
  CASE
    WHEN stageTime IS NOT NULL AND utc_time(stageTime) IS NULL THEN 'time.invalid: stageTimestamp is no time: ' || stageTime
    WHEN receivedTime IS NOT NULL AND utc_time(receivedTime) IS NULL THEN 'time.invalid: requestReceivedTimestamp is no time: ' || receivedTime
    WHEN responseCode IS NOT NULL AND code IS NULL THEN 'response-code.invalid: responseStatus.code is no number: ' || responseCode
  END AS _error
FROM told
