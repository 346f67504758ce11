-- One CloudTrail record -> API Activity (6003), Authentication (3002) or Account Change (3001).
WITH cleaned AS (
  -- Sign-in events write "" where they have no value, and the account for a principal that they do not know.
  SELECT * REPLACE (
      COALESCE(eventSource, insightSource, 'cloudtrail.amazonaws.com') AS eventSource, COALESCE(eventName, insightName) AS eventName,
      NULLIF(identityArn, '') AS identityArn, NULLIF(accountId, '') AS accountId,
      CASE WHEN principalId <> '' AND NOT COALESCE(identityType = 'Unknown' AND principalId = accountId, false) THEN principalId END AS principalId,
      NULLIF(accessKeyId, '') AS accessKeyId, NULLIF(userName, '') AS userName),
    -- Records before version 1.07 do not name their category, those before 1.06 not even whether they are of management.
    COALESCE(eventCategory, CASE
      WHEN managementEvent = 'false' THEN 'Data'
      WHEN managementEvent IS NULL AND eventSource = 's3.amazonaws.com' AND regexp_full_match(eventName,
        '(Get|Put)Object(Acl|Tagging|Retention|LegalHold)?|(Head|Copy|Post|Restore)Object|DeleteObjects?|DeleteObjectTagging|GetObject(Torrent|Attributes)'
        || '|SelectObjectContent|UploadPart(Copy)?|(Create|Complete|Abort)MultipartUpload|ListParts') THEN 'Data'
      WHEN managementEvent IS NULL AND eventSource = 'lambda.amazonaws.com' AND starts_with(eventName, 'Invoke') THEN 'Data'
      ELSE 'Management' END) AS category
  FROM raw
),
classified AS (
  SELECT *,
    CASE
      WHEN category IN ('Data', 'NetworkActivity', 'Insight') THEN 6003
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
    -- Sign-in tells how it went under the event's own name, in a place that depends on who signs in.
    errorCode IS NOT NULL OR COALESCE(verification = 'Failure', false) OR COALESCE(authentication = 'Failure', false)
      OR COALESCE(CASE WHEN eventSource = 'signin.amazonaws.com' THEN json_text(responseElements, '$.' || eventName) END = 'Failure', false) AS failed,
    COALESCE(identityArn, userName, identityCenterUser, issuerName, accountId, principalId, onBehalfOfUser) IS NOT NULL AS has_user,
    -- Resources have a place in API Activity only, and there for three of their values.
    resources IS NOT NULL AND (class_uid <> 6003
      OR NOT COALESCE(list_has_all(['ARN', 'accountId', 'type'], flatten(TRY(json_keys(resources, '$[*]')))), false)) AS keeps_resources,
    -- A user of Identity Center stands behind the principal, which then has no place.
    COALESCE(onBehalfOfUser, principalId) AS behind,
    onBehalfOfUser IS NOT NULL AND principalId IS NOT NULL AS keeps_principal
  FROM cleaned
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
    product: {name: 'CloudTrail', vendor_name: 'AWS', version: eventVersion, feature: {name: category}}
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
      uid: COALESCE(identityArn, behind),
      uid_alt: behind,
      type: identityType,
      credential_uid: COALESCE(accessKeyId, credentialId),
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
      ELSE COALESCE(json_text(requestParameters, '$.roleArn'), identityArn, behind) END,
    uid_alt: CASE WHEN class_uid = 3002 THEN behind END,
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
  -- Identity Center lists all credentials that it was shown.
  CASE WHEN class_uid = 3002 THEN COALESCE(mfaUsed = 'Yes', CASE WHEN eventName = 'UserAuthentication' THEN contains(credentialType, ',') END, sessionMfa = 'true') END AS is_mfa,
  CASE WHEN userAgent IS NOT NULL THEN {user_agent: userAgent} END AS http_request,
  CASE WHEN class_uid = 6003 AND resources IS NOT NULL THEN
    list_transform(
      list_filter(TRY(from_json(resources, '[{"ARN": "VARCHAR", "ARNPrefix": "VARCHAR", "accountId": "VARCHAR", "type": "VARCHAR"}]')),
        lambda r: COALESCE(r.ARN, r.ARNPrefix) IS NOT NULL),
      lambda r: {uid: COALESCE(r.ARN, r.ARNPrefix), type: r.type, owner: CASE WHEN r.accountId IS NOT NULL THEN {account: {uid: r.accountId}} END})
  END AS resources,
  -- Values whose place another one has taken, and those of which only a part is used.
  CASE WHEN keeps_resources OR keeps_principal OR (NOT has_user AND identityType IS NOT NULL)
    OR COALESCE(loginTo, identityCenterUser, logTime, identityProvider, credentialId, credentialType, verification, authentication) IS NOT NULL
    THEN map_from_entries(list_filter([
      {k: 'resources', v: CASE WHEN keeps_resources THEN resources END},
      {k: 'userIdentity.principalId', v: CASE WHEN keeps_principal THEN principalId END},
      {k: 'userIdentity.type', v: CASE WHEN NOT has_user THEN identityType END},
      {k: 'userIdentity.identityProvider', v: CASE WHEN federatedProvider IS NOT NULL THEN identityProvider END},
      {k: 'userIdentity.credentialId', v: CASE WHEN accessKeyId IS NOT NULL OR NOT has_user THEN credentialId END},
      {k: 'additionalEventData.LoginTo', v: CASE WHEN class_uid <> 3002 THEN loginTo END},
      {k: 'additionalEventData.UserName', v: CASE WHEN userName IS NOT NULL THEN identityCenterUser END},
      {k: 'additionalEventData.CredentialType', v: credentialType},
      {k: 'serviceEventDetails.CredentialVerification', v: verification},
      {k: 'serviceEventDetails.UserAuthentication', v: authentication},
      {k: '@timestamp', v: CASE WHEN eventTime IS NOT NULL THEN logTime END}
    ], lambda e: e.v IS NOT NULL))
  END AS unmapped,
  CASE
    WHEN category = 'Data' AND eventSource = 's3.amazonaws.com' THEN 'S3_DATA'
    WHEN category = 'Data' AND eventSource = 'lambda.amazonaws.com' THEN 'LAMBDA_EXECUTION'
    WHEN category IN ('Data', 'NetworkActivity', 'Insight') OR managementEvent = 'false' THEN NULL
    ELSE 'CLOUD_TRAIL_MGMT'
  END AS _native,
  COALESCE(recipientAccountId, accountId) AS _account,
  CASE WHEN sessionCreated IS NOT NULL AND utc_time(sessionCreated) IS NULL
    THEN 'time.invalid: sessionContext.attributes.creationDate is no time' END AS _error
FROM classified
