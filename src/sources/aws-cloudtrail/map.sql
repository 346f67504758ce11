-- One CloudTrail record -> API Activity (6003), Authentication (3002) or Account Change (3001).
WITH classified AS (
  SELECT * REPLACE (COALESCE(eventSource, insightSource, 'cloudtrail.amazonaws.com') AS eventSource, COALESCE(eventName, insightName) AS eventName),
    CASE
      WHEN eventCategory IN ('Data', 'NetworkActivity', 'Insight') THEN 6003
      WHEN eventName IN ('ConsoleLogin', 'ExternalIdPDirectoryLogin', 'CheckMfa', 'CredentialChallenge', 'CredentialVerification',
        'UserAuthentication', 'AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity') THEN 3002
      WHEN eventSource IN ('iam.amazonaws.com', 'signin.amazonaws.com', 'account.amazonaws.com') AND regexp_full_match(eventName,
        '(Create|Delete|Update)(User|Role|Group|LoginProfile|AccessKey|InstanceProfile|ServiceLinkedRole|VirtualMFADevice|AccountAlias|AccountPasswordPolicy|AssumeRolePolicy)'
        || '|(Attach|Detach|Put|Delete)(User|Role|Group)(Policy|PermissionsBoundary)'
        || '|(AddUserTo|RemoveUserFrom)Group|(AddRoleTo|RemoveRoleFrom)InstanceProfile|(Enable|Deactivate|Resync)MFADevice'
        || '|(Request|Finalize)SmsMfaRegistration|ChangePassword|PasswordUpdated|EmailUpdated|AccountNameUpdated'
        || '|UpdateAccount.*|(Tag|Untag)(User|Role|InstanceProfile)') THEN 3001
      ELSE 6003
    END AS class_uid,
    -- 'AWS Internal' and the names of services stand where an address is expected.
    is_ip(sourceIPAddress) AS has_address,
    COALESCE(errorCode IS NOT NULL, false)
      OR (eventName = 'ConsoleLogin' AND json_text(responseElements, '$.ConsoleLogin') = 'Failure') AS failed,
    COALESCE(identityArn, userName, identityCenterUser, issuerName, accountId, principalId, onBehalfOfUser) IS NOT NULL AS has_user,
    -- Resources have a place in API Activity only, and there for three of their values.
    resources IS NOT NULL AND (class_uid <> 6003
      OR NOT COALESCE(list_has_all(['ARN', 'accountId', 'type'], flatten(TRY(json_keys(resources, '$[*]')))), false)) AS keeps_resources
  FROM raw
)
SELECT
  _raw,
  class_uid,
  CASE class_uid
    WHEN 3002 THEN CASE WHEN eventName = 'CheckMfa' OR starts_with(eventName, 'Credential') THEN 99 ELSE 1 END
    WHEN 3001 THEN CASE
      WHEN starts_with(eventName, 'Create') OR eventName = 'EnableMFADevice' THEN 1
      WHEN eventName IN ('ChangePassword', 'PasswordUpdated') THEN 3
      WHEN regexp_matches(eventName, '^Delete(SSH|Server|Sign|Account|Service)') THEN 99
      WHEN starts_with(eventName, 'Delete') THEN 6
      WHEN regexp_matches(eventName, '^(Attach|Put|AddUserToGroup)') THEN 7
      WHEN regexp_matches(eventName, '^(Detach|Remove)') THEN 8
      ELSE 99 END
    ELSE CASE
      WHEN regexp_matches(eventName, '^(Get|List|Describe|Search|Lookup)') THEN 2
      WHEN regexp_matches(eventName, '^(Create|Run|Generate)') THEN 1
      WHEN regexp_matches(eventName, '^(Delete|Terminate)') THEN 4
      WHEN regexp_matches(eventName, '^(Update|Put|Modify|Add|Remove|Start|Stop|Attach|Detach|Associate|Disassociate|Tag|Untag|Enable|Disable|Register|Deregister)') THEN 3
      ELSE 99 END
  END AS activity_id,
  eventName AS activity_name,
  -- Shippers such as Logstash put the time under a name of their own.
  utc_time(COALESCE(eventTime, logTime)) AS time_dt,
  CASE WHEN failed THEN 2 ELSE 1 END AS status_id,
  errorCode AS status_code,
  errorMessage AS message,
  {
    uid: eventID,
    event_code: eventType,
    product: {name: 'CloudTrail', vendor_name: 'AWS', version: eventVersion, feature: {name: COALESCE(eventCategory, 'Management')}}
  } AS metadata,
  {provider: 'AWS', region: awsRegion, account: {uid: COALESCE(recipientAccountId, accountId)}} AS cloud,
  {
    operation: COALESCE(eventName, 'Unknown'),
    version: apiVersion,
    service: {name: eventSource},
    request: CASE WHEN requestID IS NOT NULL OR requestParameters IS NOT NULL
      THEN {uid: COALESCE(requestID, eventID, ''), data: left(requestParameters, 65535)} END,
    response: CASE WHEN errorCode IS NOT NULL OR responseElements IS NOT NULL
      THEN {error: errorCode, error_message: errorMessage, data: left(responseElements, 65535)} END
  } AS api,
  CASE WHEN strlen(requestParameters) > 65535 THEN requestParameters END AS _request_data,
  CASE WHEN strlen(responseElements) > 65535 THEN responseElements END AS _response_data,
  {
    user: CASE WHEN has_user THEN {
      name: COALESCE(userName, identityCenterUser, issuerName),
      uid: COALESCE(identityArn, principalId, onBehalfOfUser),
      uid_alt: COALESCE(principalId, onBehalfOfUser),
      type: identityType,
      credential_uid: accessKeyId,
      account: CASE WHEN accountId IS NOT NULL THEN {uid: accountId} END
    } END,
    session: CASE WHEN COALESCE(issuerArn, sessionCreated, sessionMfa) IS NOT NULL THEN {
      issuer: issuerArn,
      created_time_dt: utc_time(sessionCreated),
      is_mfa: sessionMfa = 'true'
    } END,
    idp: CASE WHEN COALESCE(federatedProvider, identityProvider, identityStore) IS NOT NULL
      THEN {name: COALESCE(federatedProvider, identityProvider), uid: identityStore} END,
    -- An actor needs a user, a session or a caller; events of AWS itself name none of them.
    invoked_by: COALESCE(invokedBy, CASE WHEN identityType IS NULL AND identityArn IS NULL THEN eventSource END)
  } AS actor,
  CASE WHEN class_uid <> 6003 THEN {
    name: CASE
      WHEN class_uid = 3001 THEN COALESCE(json_text(requestParameters, '$.userName'), json_text(requestParameters, '$.roleName'),
        json_text(requestParameters, '$.groupName'), userName, issuerName)
      WHEN starts_with(eventName, 'AssumeRole') THEN COALESCE(json_text(requestParameters, '$.roleSessionName'), userName)
      ELSE COALESCE(userName, identityCenterUser) END,
    uid: CASE
      WHEN class_uid = 3001 THEN COALESCE(json_text(responseElements, '$.user.userId'), json_text(responseElements, '$.role.roleId'), principalId)
      ELSE COALESCE(json_text(requestParameters, '$.roleArn'), identityArn, principalId) END,
    uid_alt: CASE WHEN class_uid = 3002 THEN principalId END,
    account: CASE WHEN accountId IS NOT NULL THEN {uid: accountId} END
  } END AS user,
  {
    ip: CASE WHEN has_address THEN sourceIPAddress END,
    domain: CASE WHEN NOT has_address THEN sourceIPAddress END,
    svc_name: CASE WHEN sourceIPAddress IS NULL THEN eventSource WHEN NOT has_address THEN sourceIPAddress END,
    uid: vpcEndpointId
  } AS src_endpoint,
  CASE WHEN class_uid = 3002 THEN {svc_name: COALESCE(loginTo, eventSource)} END AS dst_endpoint,
  CASE WHEN class_uid = 3002 THEN {name: eventSource} END AS service,
  CASE WHEN class_uid = 3002 THEN COALESCE(mfaUsed = 'Yes', sessionMfa = 'true') END AS is_mfa,
  CASE WHEN userAgent IS NOT NULL THEN {user_agent: userAgent} END AS http_request,
  CASE WHEN class_uid = 6003 AND resources IS NOT NULL THEN
    list_transform(
      list_filter(TRY(from_json(resources, '[{"ARN": "VARCHAR", "ARNPrefix": "VARCHAR", "accountId": "VARCHAR", "type": "VARCHAR"}]')),
        lambda r: COALESCE(r.ARN, r.ARNPrefix) IS NOT NULL),
      lambda r: {uid: COALESCE(r.ARN, r.ARNPrefix), type: r.type, owner: CASE WHEN r.accountId IS NOT NULL THEN {account: {uid: r.accountId}} END})
  END AS resources,
  CASE
    WHEN keeps_resources AND NOT has_user THEN MAP {'resources': resources, 'userIdentity.type': COALESCE(identityType, 'Unknown')}
    WHEN keeps_resources THEN MAP {'resources': resources}
    WHEN NOT has_user AND identityType IS NOT NULL THEN MAP {'userIdentity.type': identityType}
  END AS unmapped,
  CASE
    WHEN class_uid = 6003 AND eventCategory = 'Data' AND eventSource = 's3.amazonaws.com' THEN 'S3_DATA'
    WHEN class_uid = 6003 AND eventCategory = 'Data' AND eventSource = 'lambda.amazonaws.com' THEN 'LAMBDA_EXECUTION'
    WHEN eventCategory IN ('Data', 'NetworkActivity', 'Insight') OR managementEvent = 'false' THEN NULL
    ELSE 'CLOUD_TRAIL_MGMT'
  END AS _native,
  COALESCE(recipientAccountId, accountId) AS _account,
  CASE WHEN sessionCreated IS NOT NULL AND utc_time(sessionCreated) IS NULL
    THEN 'time.invalid: sessionContext.attributes.creationDate is no time' END AS _error
FROM classified
