-- One record -> Authentication (3002) for sign-ins; Account Change (3001), User Access (3005), Group Management (3006),
-- Entity Management (3004) or API Activity (6003) for audit records, by their activity and targets.
WITH parsed AS (
  SELECT * REPLACE (nullif(ipAddress, '') AS ipAddress, nullif(callerIp, '') AS callerIp, nullif(initiatorIp, '') AS initiatorIp,
      nullif(userId, '') AS userId, nullif(principalName, '') AS principalName, nullif(displayName, '') AS displayName,
      nullif(principalId, '') AS principalId, nullif(principalTitle, '') AS principalTitle, nullif(city, '') AS city,
      nullif(state, '') AS state, nullif(country, '') AS country, nullif(deviceId, '') AS deviceId, nullif(deviceName, '') AS deviceName,
      nullif(deviceOs, '') AS deviceOs, nullif(resourceName, '') AS resourceName, nullif(resourceUid, '') AS resourceUid),
    COALESCE(category LIKE '%SignInLogs' OR (category IS NULL AND activityName IS NULL AND createdAt IS NOT NULL), false) AS is_sign_in,
    COALESCE(activityName, operation, CASE WHEN is_sign_in THEN 'Sign-in activity' END) AS act,
    COALESCE(tenant, nullif(regexp_extract(resource, '^/tenants/([^/]+)/', 1), ''), resourceTenant) AS tenant_id,
    list_filter(TRY(from_json(targets, '[{"id": "VARCHAR", "displayName": "VARCHAR", "userPrincipalName": "VARCHAR", "type": "VARCHAR",
      "modifiedProperties": [{"displayName": "VARCHAR", "oldValue": "VARCHAR", "newValue": "VARCHAR"}]}]')),
      lambda t: COALESCE(nullif(t.id, ''), nullif(t.displayName, ''), nullif(t.userPrincipalName, '')) IS NOT NULL) AS found
  FROM raw
),
changes AS (
  SELECT *,
    -- Values are JSON texts; what was removed has only an old one.
    list_transform(flatten(list_transform(found, lambda t: t.modifiedProperties)),
      lambda p: {name: p.displayName, value: COALESCE(nullif(trim(p.newValue, '"'), ''), nullif(trim(p.oldValue, '"'), ''))}) AS props,
    list_transform(found, lambda t: {
      uid: nullif(t.id, ''), name: COALESCE(nullif(t.userPrincipalName, ''), nullif(t.displayName, '')), title: nullif(t.displayName, ''), kind: t.type}) AS things,
    CASE
      WHEN COALESCE(initiatorId, initiatorLogin, initiatorName) IS NOT NULL
        THEN {uid: initiatorId, name: COALESCE(nullif(initiatorLogin, ''), initiatorName), title: initiatorName, kind: 'User', app: NULL}
      WHEN COALESCE(initiatorPrincipal, initiatorApp, initiatorAppId) IS NOT NULL
        THEN {uid: COALESCE(initiatorPrincipal, initiatorAppId), name: initiatorApp, title: NULL, kind: 'ServicePrincipal', app: initiatorAppId}
      END AS initiator
  FROM parsed
),
picked AS (
  SELECT *,
    list_filter(things, lambda t: t.kind = 'User')[1] AS target_user,
    list_filter(things, lambda t: t.kind = 'Group') AS target_groups,
    list_filter(things, lambda t: t.kind = 'Role')[1] AS target_role,
    list_filter(things, lambda t: t.kind IN ('User', 'ServicePrincipal', 'Group'))[1] AS target_principal,
    list_filter(things, lambda t: t.kind IN ('ServicePrincipal', 'Application'))[1] AS target_app,
    list_filter(props, lambda p: p.name IN ('Role.DisplayName', 'Role.WellKnownObjectName'))[1].value AS role_name,
    list_filter(props, lambda p: p.name = 'Role.ObjectID')[1].value AS role_id,
    COALESCE(list_filter(props, lambda p: p.name = 'AppRole.Value')[1].value, list_filter(props, lambda p: p.name = 'AppRole.DisplayName')[1].value,
      list_filter(props, lambda p: p.name = 'AppRole.Id')[1].value) AS app_role,
    list_filter(props, lambda p: p.name = 'DelegatedPermissionGrant.Scope')[1].value AS scope,
    list_filter(props, lambda p: p.name = 'ConsentAction.Permissions')[1].value AS consent,
    list_filter(props, lambda p: p.name IN ('ServicePrincipal.ObjectID', 'User.ObjectID', 'Group.ObjectID'))[1].value AS named_id,
    list_filter(props, lambda p: p.name IN ('ServicePrincipal.DisplayName', 'User.UPN', 'Group.DisplayName'))[1].value AS named_title
  FROM changes
),
judged AS (
  SELECT *,
    CASE
      WHEN regexp_matches(act, '^(Add|Remove) (eligible |scoped )?member (to|from) role') THEN COALESCE(role_name, target_role.title, role_id)
      WHEN regexp_matches(act, '^(Add|Remove) app role assignment') THEN app_role
      WHEN regexp_matches(act, '^(Add|Remove) delegated permission grant') THEN scope
      WHEN act = 'Consent to application' THEN consent
      WHEN regexp_matches(act, '^(Add|Remove) owner (to|from) ') THEN 'owner'
    END AS privilege,
    CASE
      WHEN regexp_matches(act, '^(Add|Remove) (app role assignment|delegated permission grant)') AND target_user IS NULL AND named_id IS NOT NULL
        THEN {uid: named_id, name: named_title, title: NULL, kind: CASE WHEN act LIKE '%group%' THEN 'Group' ELSE 'ServicePrincipal' END}
      WHEN regexp_matches(act, '^(Add|Remove) app role assignment') THEN COALESCE(target_user, things[-1])
      ELSE target_principal END AS grantee,
    CASE
      WHEN regexp_full_match(act, '(Add|Remove) (member|owner) (to|from) group') THEN COALESCE(target_groups[-1],
        CASE WHEN named_id IS NOT NULL THEN {uid: named_id, name: named_title, title: named_title, kind: 'Group'} END) END AS team,
    CASE
      WHEN regexp_matches(act, '^(Add|Remove) .*credentials') THEN 3
      WHEN regexp_matches(act, '^(Add|Create|Register|Invite|Import|Bulk create|Bulk invite) ') THEN 1
      WHEN regexp_matches(act, '^(Get|Read|View|List|Download|Export) ') THEN 2
      WHEN regexp_matches(act, '^(Update|Set|Change|Enable|Disable|Restore|Reset|Assign|Unassign|Convert|Promote|Rename|Revoke|Activate|Deactivate|Suspend) ') THEN 3
      WHEN regexp_matches(act, '^(Delete|Remove|Hard Delete|Hard delete|Unregister|Purge) ') THEN 4
      ELSE 99
    END AS change_id
  FROM picked
),
classified AS (
  SELECT *,
    CASE
      WHEN is_sign_in THEN 3002
      WHEN team IS NOT NULL AND things[1] IS NOT NULL AND (things[1].kind <> 'Group' OR len(target_groups) > 1) THEN 3006
      WHEN privilege IS NOT NULL AND grantee IS NOT NULL THEN 3005
      WHEN target_user IS NOT NULL AND auditCategory = 'UserManagement' THEN 3001
      WHEN change_id <> 99 AND things[1] IS NOT NULL THEN 3004
      ELSE 6003
    END AS class_uid,
    CASE WHEN is_sign_in THEN COALESCE(ipAddress, callerIp) ELSE COALESCE(initiatorIp, callerIp) END AS address,
    COALESCE(is_ip(address), false) AS has_address,
    COALESCE(correlationId, correlation) AS correlation_id,
    CASE WHEN is_sign_in THEN COALESCE(errorCode, resultType) ELSE COALESCE(auditResult, resultType) END AS code,
    -- Some exports write the time as Americans do.
    COALESCE(utc_time(createdAt), utc_time(activityAt), utc_time(logTime),
      try_strptime(logTime, ['%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %H:%M:%S'])) AS happened_at,
    {
      uid: COALESCE(userId, principalId),
      name: COALESCE(principalName, CASE WHEN userId IS NULL THEN principalTitle END, displayName, identity, userId, principalId, appId, 'Unknown'),
      title: displayName,
      kind: CASE WHEN userId IS NULL AND principalId IS NOT NULL THEN 'ServicePrincipal' ELSE COALESCE(userType, 'User') END
    } AS signer,
    CASE WHEN city IS NOT NULL OR state IS NOT NULL OR country IS NOT NULL THEN {
      city: city, region: state, country: country,
      coordinates: CASE WHEN try_cast(longitude AS DOUBLE) IS NOT NULL AND try_cast(latitude AS DOUBLE) IS NOT NULL
        THEN [try_cast(longitude AS DOUBLE), try_cast(latitude AS DOUBLE)] END} END AS place,
    CASE WHEN deviceOs IS NOT NULL THEN {
      name: deviceOs,
      type_id: CASE
        WHEN regexp_matches(deviceOs, '(?i)^windows ?(phone|mobile)') THEN 101 WHEN regexp_matches(deviceOs, '(?i)^windows') THEN 100
        WHEN regexp_matches(deviceOs, '(?i)^mac') THEN 300 WHEN regexp_matches(deviceOs, '(?i)^ios') THEN 301
        WHEN regexp_matches(deviceOs, '(?i)^ipad') THEN 302 WHEN regexp_matches(deviceOs, '(?i)^android') THEN 201
        WHEN regexp_matches(deviceOs, '(?i)^linux|^ubuntu') THEN 200 ELSE 99 END} END AS system
  FROM judged
)
SELECT
  _raw,
  class_uid,
  CASE class_uid
    WHEN 3002 THEN 1
    WHEN 3006 THEN CASE WHEN act LIKE 'Add member%' THEN 3 WHEN act LIKE 'Remove member%' THEN 4 WHEN act LIKE 'Add %' THEN 1 ELSE 2 END
    -- A role is asked for before it is given.
    WHEN 3005 THEN CASE WHEN act LIKE 'Remove %' THEN 2 WHEN regexp_matches(act, 'request|denied|cancell?ed|expired') THEN 99 ELSE 1 END
    WHEN 3001 THEN CASE
      WHEN act IN ('Add user', 'Invite external user', 'Create user') THEN 1
      WHEN act = 'Enable account' THEN 2
      WHEN act IN ('Change user password', 'Change password (self-service)') THEN 3
      WHEN starts_with(act, 'Reset ') AND contains(act, 'password') THEN 4
      WHEN act = 'Disable account' THEN 5
      WHEN act IN ('Delete user', 'Hard Delete user', 'Hard delete user') THEN 6
      WHEN act IN ('User registered security info', 'Admin registered security info', 'Enable Strong Authentication', 'User registered all required security info') THEN 10
      WHEN act IN ('User deleted security info', 'Admin deleted security info', 'Disable Strong Authentication') THEN 11
      ELSE 99 END
    ELSE change_id
  END AS activity_id,
  act AS activity_name,
  happened_at AS time_dt,
  CASE WHEN is_sign_in AND riskState IN ('atRisk', 'confirmedCompromised') THEN
    CASE WHEN 'high' IN (signInRisk, userRisk) THEN 4 WHEN 'medium' IN (signInRisk, userRisk) THEN 3 ELSE 2 END ELSE 1 END AS severity_id,
  CASE
    WHEN code IS NULL OR code = '' THEN 0
    WHEN NOT is_sign_in THEN CASE lower(code) WHEN 'success' THEN 1 WHEN '0' THEN 1 WHEN 'failure' THEN 2 WHEN 'timeout' THEN 2 ELSE 99 END
    WHEN code = '0' THEN 1
    -- Interrupted: the user was asked for more, and a later record tells how it ended.
    WHEN code IN ('16000', '50058', '50072', '50074', '50076', '50079', '50097', '50125', '50127', '50129', '50140', '50158', '50199', '50203') THEN 99
    ELSE 2
  END AS status_id,
  CASE WHEN is_sign_in THEN 'Interrupted' ELSE code END AS status,
  code AS status_code,
  CASE WHEN is_sign_in THEN failureReason ELSE nullif(auditReason, '') END AS status_detail,
  COALESCE(CASE WHEN is_sign_in THEN nullif(failureReason, '') ELSE nullif(auditReason, '') END, nullif(resultText, ''), act) AS message,
  {
    uid: recordId,
    event_code: CASE WHEN is_sign_in THEN category ELSE auditCategory END,
    log_name: COALESCE(category, CASE WHEN is_sign_in THEN 'SignInLogs' ELSE 'AuditLogs' END),
    log_provider: CASE WHEN NOT is_sign_in THEN loggedBy END,
    original_time: COALESCE(createdAt, activityAt, logTime),
    correlation_uid: correlation_id,
    tenant_uid: tenant_id,
    product: {name: 'Microsoft Entra ID', vendor_name: 'Microsoft'}
  } AS metadata,
  {provider: 'Azure', account: CASE WHEN tenant_id IS NOT NULL THEN {uid: tenant_id} END} AS cloud,
  CASE WHEN tenant_id IS NULL THEN 'external' ELSE 'external_' || tenant_id END AS _account,
  {
    user: CASE
      WHEN is_sign_in THEN {
        uid: signer.uid, name: signer.name, full_name: signer.title, type: signer.kind,
        type_id: CASE WHEN signer.kind = 'ServicePrincipal' THEN 3 ELSE 1 END,
        uid_alt: NULL, credential_uid: nullif(credentialId, '')}
      WHEN initiator IS NOT NULL THEN {
        uid: initiator.uid, name: initiator.name, full_name: initiator.title, type: initiator.kind,
        type_id: CASE WHEN initiator.kind = 'ServicePrincipal' THEN 3 ELSE 1 END,
        uid_alt: initiator.app, credential_uid: NULL}
    END,
    session: CASE WHEN COALESCE(sessionId, tokenId) IS NOT NULL OR (is_sign_in AND nullif(tokenIssuer, '') IS NOT NULL)
      THEN {uid: sessionId, uid_alt: tokenId, issuer: CASE WHEN is_sign_in THEN nullif(tokenIssuer, '') END} END,
    invoked_by: CASE WHEN is_sign_in THEN appName WHEN initiator IS NULL THEN COALESCE(nullif(identity, ''), loggedBy, 'Microsoft Entra ID') END
  } AS actor,
  CASE
    WHEN class_uid = 3002 THEN {
      uid: signer.uid, name: signer.name, full_name: signer.title, type: signer.kind,
      type_id: CASE WHEN signer.kind = 'ServicePrincipal' THEN 3 ELSE 1 END,
      account: CASE WHEN homeTenant IS NOT NULL THEN {uid: homeTenant} END}
    WHEN class_uid = 3001 THEN {
      uid: target_user.uid, name: target_user.name, full_name: target_user.title, type: 'User', type_id: 1, account: NULL}
    WHEN class_uid = 3005 THEN {
      uid: grantee.uid, name: grantee.name, full_name: grantee.title, type: grantee.kind,
      type_id: CASE grantee.kind WHEN 'User' THEN 1 WHEN 'ServicePrincipal' THEN 3 ELSE 99 END, account: NULL}
    WHEN class_uid = 3006 THEN {
      uid: things[1].uid, name: things[1].name, full_name: things[1].title, type: things[1].kind,
      type_id: CASE things[1].kind WHEN 'User' THEN 1 WHEN 'ServicePrincipal' THEN 3 ELSE 99 END, account: NULL}
  END AS user,
  CASE WHEN class_uid = 3006 THEN {uid: team.uid, name: COALESCE(team.title, named_title), type: team.kind} END AS "group",
  CASE WHEN class_uid = 3005 THEN [left(privilege, 65535)] WHEN class_uid = 3006 AND act LIKE '%owner%' THEN ['owner'] END AS privileges,
  CASE WHEN class_uid = 3005 THEN CASE
    WHEN COALESCE(target_role.uid, role_id) IS NOT NULL THEN {uid: COALESCE(target_role.uid, role_id), name: COALESCE(target_role.title, role_name), type: 'Role'}
    WHEN target_app IS NOT NULL THEN {uid: target_app.uid, name: target_app.title, type: target_app.kind} END END AS resource,
  CASE WHEN class_uid = 3004 THEN {uid: things[1].uid, name: things[1].title, type: things[1].kind} END AS entity,
  CASE WHEN class_uid = 6003 THEN list_transform(things, lambda t: {uid: t.uid, name: t.title, type: t.kind}) END AS resources,
  CASE WHEN class_uid <> 3004 THEN {
    operation: COALESCE(act, 'Unknown'),
    service: {name: COALESCE(CASE WHEN NOT is_sign_in THEN loggedBy END, 'Microsoft Entra ID')},
    response: CASE WHEN NOT is_sign_in AND lower(auditResult) = 'failure' THEN {error: auditResult, error_message: auditReason} END
  } END AS api,
  CASE WHEN class_uid = 3002 THEN {
    name: COALESCE(resourceName, nullif(appName, ''), 'Microsoft Entra ID'),
    uid: CASE WHEN resourceName IS NOT NULL OR resourceUid IS NOT NULL THEN resourceUid ELSE appId END} END AS service,
  CASE WHEN is_sign_in THEN CASE
    -- The requirement tells what was asked for; only a success tells that it was met.
    WHEN nullif(mfaMethod, '') IS NOT NULL OR (requirement = 'multiFactorAuthentication' AND code = '0') THEN true
    WHEN requirement = 'singleFactorAuthentication' THEN false END END AS is_mfa,
  CASE WHEN is_sign_in THEN CASE
    WHEN protocol IN ('oAuth2', 'ropc', 'deviceCode', 'implicitAccessTokenAndGetResponseMode', 'nativeAuth') THEN 6
    WHEN protocol = 'saml20' THEN 5 WHEN protocol IN ('', 'none') THEN 0 WHEN protocol IS NOT NULL THEN 99 END END AS auth_protocol_id,
  CASE WHEN is_sign_in THEN CASE
    WHEN protocol IN ('oAuth2', 'ropc', 'deviceCode', 'implicitAccessTokenAndGetResponseMode', 'nativeAuth') THEN 'OAUTH 2.0'
    WHEN protocol = 'saml20' THEN 'SAML' WHEN protocol IN ('', 'none') THEN 'Unknown' ELSE protocol END END AS auth_protocol,
  CASE WHEN is_sign_in THEN CASE WHEN isInteractive = 'true' THEN 2 WHEN isInteractive = 'false' THEN 99 END END AS logon_type_id,
  CASE WHEN is_sign_in THEN CASE WHEN isInteractive = 'true' THEN 'Interactive' WHEN isInteractive = 'false' THEN 'Non-interactive' END END AS logon_type,
  CASE WHEN class_uid IN (3001, 3002, 6003) THEN {
    ip: CASE WHEN has_address THEN address END,
    name: CASE WHEN NOT has_address THEN address END,
    svc_name: CASE WHEN address IS NULL THEN 'Microsoft Entra ID' END,
    location: CASE WHEN is_sign_in THEN place END,
    os: CASE WHEN is_sign_in AND deviceId IS NULL AND deviceName IS NULL THEN system END
  } END AS src_endpoint,
  -- Classes without a source endpoint have the address in the device.
  CASE
    WHEN is_sign_in AND COALESCE(deviceId, deviceName) IS NOT NULL THEN {
      uid: deviceId, name: deviceName, ip: CASE WHEN has_address THEN address END, type_id: 0, os: system,
      is_compliant: try_cast(deviceCompliant AS BOOLEAN), is_managed: try_cast(deviceManaged AS BOOLEAN)}
    WHEN class_uid IN (3004, 3005, 3006) AND has_address THEN {
      uid: NULL, name: NULL, ip: address, type_id: 0, os: NULL, is_compliant: NULL, is_managed: NULL}
  END AS device,
  CASE WHEN class_uid IN (3001, 3002, 6003) AND nullif(userAgent, '') IS NOT NULL THEN {user_agent: userAgent} END AS http_request,
  map_from_entries(list_filter([
    {k: 'operationName', v: CASE WHEN operation IS DISTINCT FROM act THEN operation END},
    {k: 'callerIpAddress', v: CASE WHEN callerIp IS DISTINCT FROM address OR (class_uid IN (3004, 3005, 3006) AND NOT has_address) THEN callerIp END},
    {k: 'correlationId', v: CASE WHEN correlation IS DISTINCT FROM correlation_id THEN correlation END},
    {k: 'resultType', v: CASE WHEN resultType IS DISTINCT FROM code THEN resultType END},
    {k: 'resultDescription', v: CASE WHEN resultText IS DISTINCT FROM failureReason THEN nullif(resultText, '') END},
    {k: 'identity', v: CASE WHEN identity IS DISTINCT FROM displayName THEN nullif(identity, '') END},
    {k: 'time', v: CASE WHEN COALESCE(createdAt, activityAt) IS NOT NULL AND utc_time(logTime) IS DISTINCT FROM happened_at THEN logTime END},
    {k: 'properties.activityDateTime', v: CASE WHEN createdAt IS NOT NULL THEN activityAt END},
    {k: 'properties.userAgent', v: CASE WHEN class_uid IN (3004, 3005, 3006) THEN nullif(userAgent, '') END},
    {k: 'properties.userId', v: CASE WHEN NOT is_sign_in THEN userId END},
    {k: 'properties.userPrincipalName', v: CASE WHEN NOT is_sign_in THEN principalName END},
    {k: 'properties.userDisplayName', v: CASE WHEN NOT is_sign_in THEN displayName END},
    {k: 'properties.userType', v: CASE WHEN userType IS DISTINCT FROM signer.kind OR NOT is_sign_in THEN nullif(userType, '') END},
    {k: 'properties.appDisplayName', v: CASE WHEN NOT is_sign_in THEN appName END},
    {k: 'properties.ipAddress', v: CASE WHEN NOT is_sign_in THEN ipAddress END},
    {k: 'properties.status.errorCode', v: CASE WHEN NOT is_sign_in THEN errorCode END},
    {k: 'properties.status.failureReason', v: CASE WHEN NOT is_sign_in THEN failureReason END},
    {k: 'properties.location.city', v: CASE WHEN NOT is_sign_in THEN city END},
    {k: 'properties.location.state', v: CASE WHEN NOT is_sign_in THEN state END},
    {k: 'properties.location.countryOrRegion', v: CASE WHEN NOT is_sign_in THEN country END},
    {k: 'properties.deviceDetail.deviceId', v: CASE WHEN NOT is_sign_in THEN deviceId END},
    {k: 'properties.deviceDetail.displayName', v: CASE WHEN NOT is_sign_in THEN deviceName END},
    {k: 'properties.resourceDisplayName', v: CASE WHEN NOT is_sign_in THEN resourceName END},
    {k: 'properties.resourceId', v: CASE WHEN NOT is_sign_in THEN resourceUid END},
    {k: 'properties.homeTenantId', v: CASE WHEN NOT is_sign_in THEN homeTenant END},
    {k: 'properties.tokenIssuerName', v: CASE WHEN NOT is_sign_in THEN nullif(tokenIssuer, '') END},
    {k: 'properties.category', v: CASE WHEN is_sign_in THEN auditCategory END},
    {k: 'properties.activityDisplayName', v: CASE WHEN activityName IS DISTINCT FROM act THEN activityName END},
    {k: 'properties.result', v: CASE WHEN is_sign_in THEN auditResult END},
    {k: 'properties.resultReason', v: CASE WHEN is_sign_in THEN auditReason END},
    {k: 'properties.loggedByService', v: CASE WHEN is_sign_in THEN loggedBy END},
    {k: 'properties.initiatedBy.user.id', v: CASE WHEN is_sign_in THEN initiatorId END},
    {k: 'properties.initiatedBy.user.userPrincipalName', v: CASE WHEN is_sign_in THEN initiatorLogin END},
    {k: 'properties.initiatedBy.user.displayName', v: CASE WHEN is_sign_in THEN initiatorName END},
    {k: 'properties.initiatedBy.user.ipAddress', v: CASE WHEN is_sign_in OR (class_uid IN (3004, 3005, 3006) AND NOT has_address) THEN initiatorIp END},
    {k: 'properties.initiatedBy.app.appId', v: CASE WHEN is_sign_in OR initiator.kind = 'User' THEN initiatorAppId END},
    {k: 'properties.initiatedBy.app.displayName', v: CASE WHEN is_sign_in OR initiator.kind = 'User' THEN initiatorApp END},
    {k: 'properties.initiatedBy.app.servicePrincipalId', v: CASE WHEN is_sign_in OR initiator.kind = 'User' THEN initiatorPrincipal END}
  ], lambda e: e.v IS NOT NULL)) AS unmapped,
  CASE
    WHEN COALESCE(createdAt, activityAt, logTime) IS NOT NULL AND happened_at IS NULL
      THEN 'time.invalid: the time is none: ' || COALESCE(createdAt, activityAt, logTime)
    WHEN category IS NULL AND act IS NULL AND NOT is_sign_in THEN 'entra.not-a-record: the record has neither a category nor an activity'
  END AS _error
FROM classified
