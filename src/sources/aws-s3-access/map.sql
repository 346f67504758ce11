-- One HTTP request -> HTTP Activity (4002); what S3 did without one (lifecycle, the source of a copy, batches) -> API Activity (6003).
WITH s AS (
  SELECT *,
    COALESCE(requestMethod, otherMethod, requestUrl) IS NOT NULL AS is_http,
    try_cast(httpStatus AS INTEGER) AS status,
    try_cast(bytesSent AS BIGINT) AS sent,
    try_cast(totalTime AS INTEGER) AS total_ms,
    try_cast(turnAroundTime AS INTEGER) AS turn_around_ms,
    split_part(operation, '.', 2) AS verb,
    -- The bucket's own Region: of the log's key, of an access point, of the host name asked for.
    COALESCE(keyRegion, NULLIF(regexp_extract(accessPoint, '^arn:[a-z-]+:s3:([a-z0-9-]+):', 1), ''), hostRegion) AS region,
    starts_with(requester, 'svc:') OR requester = 'AmazonS3' AS is_service
  FROM raw
),
a AS (
  SELECT *,
    'arn:' || CASE WHEN starts_with(region, 'cn-') THEN 'aws-cn' WHEN starts_with(region, 'us-gov-') THEN 'aws-us-gov' ELSE 'aws' END
      || ':s3:::' || bucket AS bucket_arn
  FROM s
)
SELECT
  _raw,
  CASE WHEN is_http THEN 4002 ELSE 6003 END AS class_uid,
  CASE
    WHEN NOT is_http THEN CASE
      WHEN verb IN ('GET', 'HEAD') OR ends_with(operation, '_GET') THEN 2
      WHEN verb IN ('DELETE', 'EXPIRE') THEN 4
      WHEN verb = 'CREATE' THEN 1
      WHEN verb IN ('PUT', 'POST', 'COPY', 'RESTORE') OR starts_with(verb, 'TRANSITION') THEN 3
      ELSE 99 END
    WHEN otherMethod IS NOT NULL THEN 99
    ELSE CASE requestMethod WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3 WHEN 'HEAD' THEN 4
      WHEN 'OPTIONS' THEN 5 WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8 ELSE 0 END
  END AS activity_id,
  CASE
    WHEN is_http THEN otherMethod
    WHEN NOT (verb IN ('GET', 'HEAD', 'DELETE', 'EXPIRE', 'CREATE', 'PUT', 'POST', 'COPY', 'RESTORE')
      OR ends_with(operation, '_GET') OR starts_with(verb, 'TRANSITION')) THEN operation
  END AS activity_name,
  utc_time(requestTime) AS time_dt,
  total_ms AS duration,
  CASE WHEN errorCode IS NOT NULL OR status >= 400 THEN 2 WHEN status >= 100 OR NOT is_http THEN 1 ELSE 0 END AS status_id,
  COALESCE(errorCode, httpStatus) AS status_code,
  {product: {name: 'Amazon S3', vendor_name: 'AWS', feature: {name: 'Server access logs'}}} AS metadata,
  {provider: 'AWS', region: region, account: CASE WHEN keyAccount IS NOT NULL THEN {uid: keyAccount} END} AS cloud,
  {
    -- Without a requester the request was not signed; lifecycle rules act for S3 itself.
    user: CASE
      WHEN requester IS NULL AND (is_http OR NOT starts_with(operation, 'S3.')) THEN {uid: NULL, name: 'Anonymous', account: NULL}
      WHEN NOT is_service THEN {
        uid: requester,
        name: requesterName,
        account: CASE WHEN requesterAccount IS NOT NULL THEN {uid: requesterAccount} END} END,
    invoked_by: CASE
      WHEN is_service THEN CASE WHEN requester = 'AmazonS3' THEN 's3.amazonaws.com' ELSE substr(requester, 5) END
      WHEN requester IS NULL AND NOT is_http AND starts_with(operation, 'S3.') THEN 's3.amazonaws.com' END
  } AS actor,
  {ip: remoteIp, svc_name: CASE WHEN remoteIp IS NULL THEN COALESCE(CASE WHEN starts_with(requester, 'svc:') THEN substr(requester, 5) END, 's3.amazonaws.com') END} AS src_endpoint,
  {name: bucket, uid: bucket_arn, svc_name: 's3.amazonaws.com', hostname: urlHost} AS dst_endpoint,
  {
    operation: COALESCE(operation, 'Unknown'),
    service: {name: 's3.amazonaws.com'},
    request: CASE WHEN requestId IS NOT NULL THEN {uid: requestId} END,
    response: CASE WHEN errorCode IS NOT NULL OR status IS NOT NULL THEN {code: status, error: errorCode} END
  } AS api,
  CASE WHEN NOT is_http THEN
    list_filter([
      CASE WHEN bucket IS NOT NULL THEN
        {name: bucket, uid: bucket_arn, type: 'AWS::S3::Bucket', region: region, namespace: NULL, owner: CASE WHEN bucketOwner IS NOT NULL THEN {uid: bucketOwner} END} END,
      CASE WHEN objectKey IS NOT NULL THEN
        {name: objectKey, uid: NULL, type: 'AWS::S3::Object', region: region, namespace: bucket, owner: NULL} END
    ], lambda r: r IS NOT NULL)
  END AS resources,
  CASE WHEN is_http OR COALESCE(referrer, userAgent) IS NOT NULL THEN {
    uid: requestId,
    http_method: requestMethod,
    version: requestVersion,
    user_agent: userAgent,
    referrer: referrer,
    url: CASE WHEN requestUrl IS NOT NULL THEN {
      url_string: CASE WHEN urlPath IS NULL OR urlScheme IS NOT NULL THEN requestUrl END,
      scheme: urlScheme,
      hostname: urlHost,
      path: urlPath,
      query_string: urlQuery
    } END
  } END AS http_request,
  -- OCSF asks for a code; where S3 logged none, 0 says so.
  CASE WHEN is_http THEN {
    code: COALESCE(status, 0),
    status: CASE WHEN status IS NULL THEN 'Unknown' END,
    length: try_cast(sent AS INTEGER),
    latency: turn_around_ms
  } END AS http_response,
  CASE WHEN is_http AND sent IS NOT NULL THEN {bytes_out: sent, bytes: sent} END AS traffic,
  CASE WHEN is_http AND COALESCE(tlsVersion, cipherSuite) IS NOT NULL
    THEN {version: COALESCE(tlsVersion, 'Unknown'), cipher: cipherSuite} END AS tls,
  -- What one of the two classes has a place for and the other has not.
  map_from_entries(list_filter(CASE WHEN is_http THEN [{k: 'bucket_owner', v: bucketOwner}, {k: 'key', v: objectKey}]
    ELSE [{k: 'bytes_sent', v: bytesSent}, {k: 'turn_around_time', v: turnAroundTime}, {k: 'tls_version', v: tlsVersion}, {k: 'cipher_suite', v: cipherSuite}]
  END, lambda e: e.v IS NOT NULL)) AS unmapped,
  CASE
    WHEN utc_time(requestTime) IS NULL THEN 'time.invalid: the time is no time: ' || requestTime
    WHEN httpStatus IS NOT NULL AND status IS NULL THEN 'status.invalid: the HTTP status is no number: ' || httpStatus
    WHEN bytesSent IS NOT NULL AND sent IS NULL THEN 'bytes.invalid: bytes sent is no number: ' || bytesSent
    WHEN totalTime IS NOT NULL AND total_ms IS NULL THEN 'duration.invalid: total time is no number: ' || totalTime
    WHEN turnAroundTime IS NOT NULL AND turn_around_ms IS NULL THEN 'duration.invalid: turn-around time is no number: ' || turnAroundTime
  END AS _error
FROM a
