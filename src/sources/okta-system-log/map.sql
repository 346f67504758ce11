-- One log event -> Authentication (3002), Account Change (3001), User Access (3005), Group Management (3006),
-- Entity Management (3004) or API Activity (6003), by its type and the targets that the class asks for.
WITH parsed AS (
  SELECT *,
    list_filter(TRY(from_json(targets, '[{"id": "VARCHAR", "type": "VARCHAR", "alternateId": "VARCHAR", "displayName": "VARCHAR"}]')),
      lambda t: COALESCE(t.id, t.displayName) IS NOT NULL) AS found,
    TRY(from_json(ipChain, '[{"ip": "VARCHAR"}]')) AS chain,
    COALESCE(is_ip(clientIp), false) AS has_address,
    COALESCE(regexp_extract(eventName, '[^.]*$'), '') AS verb,
    -- Names of several privileges stand in one text.
    string_split(COALESCE(nullif(privilegeGranted, ''), nullif(privilegeRevoked, '')), ', ') AS named_privileges
  FROM raw
),
picked AS (
  SELECT *,
    list_filter(found, lambda t: t.type = 'User')[1] AS target_user,
    list_filter(found, lambda t: t.type = 'AppInstance')[1] AS target_app,
    list_filter(found, lambda t: t.type = 'UserGroup')[1] AS target_group,
    -- A rule is told with the policy that it belongs to.
    COALESCE(CASE WHEN starts_with(eventName, 'policy.rule.') THEN list_filter(found, lambda t: t.type = 'PolicyRule')[1] END, found[1]) AS target_entity,
    COALESCE(named_privileges, nullif(list_transform(list_filter(found, lambda t: lower(t.type) = 'role'), lambda t: COALESCE(t.displayName, t.id)), [])) AS privileges_named,
    CASE
      WHEN deviceId IS NOT NULL OR deviceName IS NOT NULL THEN devicePlatform
      ELSE clientOs END AS os_name
  FROM parsed
),
classified AS (
  SELECT *,
    CASE
      WHEN regexp_full_match(eventName, 'user[.]session[.]impersonation[.](grant|extend|revoke)') THEN 6003
      WHEN regexp_full_match(eventName, 'user[.](session|authentication)[.].*|policy[.](evaluate_sign_on|auth_reevaluate[.].*)'
        || '|application[.]policy[.]sign_on[.]deny_access|user[.]mfa[.](attempt_bypass|okta_verify.*)'
        || '|app[.]oauth2[.](as[.])?(authorize|token[.]grant|signon|interact|invalid_client_credentials)([.].*)?')
        AND (actorId IS NOT NULL OR actorLogin IS NOT NULL OR target_user IS NOT NULL) THEN 3002
      WHEN regexp_full_match(eventName, 'user[.]account[.]privilege[.](grant|revoke)') THEN
        CASE WHEN target_user IS NOT NULL AND privileges_named IS NOT NULL THEN 3005 ELSE 6003 END
      WHEN regexp_full_match(eventName, 'user[.](lifecycle|account|credential)[.].*|user[.]mfa[.]factor[.].*')
        AND (actorId IS NOT NULL OR actorLogin IS NOT NULL OR target_user IS NOT NULL) THEN 3001
      WHEN eventName IN ('application.user_membership.add', 'application.user_membership.remove')
        AND target_user IS NOT NULL AND target_app IS NOT NULL THEN 3005
      WHEN eventName IN ('group.user_membership.add', 'group.user_membership.remove')
        AND target_user IS NOT NULL AND target_group IS NOT NULL THEN 3006
      WHEN eventName IN ('group.application_assignment.add', 'group.application_assignment.remove')
        AND target_group IS NOT NULL AND target_app IS NOT NULL THEN 3006
      WHEN eventName IN ('group.privilege.grant', 'group.privilege.revoke')
        AND target_group IS NOT NULL AND privileges_named IS NOT NULL THEN 3006
      WHEN regexp_full_match(eventName, '.*[.]lifecycle[.].*|policy[.]rule[.].*|application[.]policy[.]sign_on[.].*|group[.]profile[.]update'
        || '|zone[.].*|system[.](api_token|idp|log_stream|custom_url_domain)[.].*|(event|inline)_hook[.][^.]*|iam[.](role|resourceset)[.].*'
        || '|device[.]enrollment[.].*|app[.]oauth2[.]trusted_server[.].*|pki[.]cert[.].*')
        AND target_entity IS NOT NULL THEN 3004
      ELSE 6003
    END AS class_uid,
    class_uid IN (3004, 3005, 3006) AS unplaced,
    COALESCE(actorId, actorLogin, actorName) IS NOT NULL AS has_actor
  FROM picked
),
shaped AS (
  SELECT *,
    -- Not every user is the one who acts: sessions are ended by administrators, and sign-ins told by agents.
    CASE WHEN class_uid IN (3005, 3006) OR (target_user IS NOT NULL AND (class_uid = 3001 OR actorType IS DISTINCT FROM 'User'
      OR regexp_full_match(eventName, 'user[.]session[.](clear|end|expire|impersonation[.].*)|user[.]authentication[.]universal_logout.*')))
      THEN {id: target_user.id, login: target_user.alternateId, name: target_user.displayName, type: target_user.type}
      ELSE {id: actorId, login: actorLogin, name: actorName, type: actorType} END AS who,
    CASE
      WHEN city IS NOT NULL OR country IS NOT NULL OR state IS NOT NULL OR postalCode IS NOT NULL THEN {
        city: city, country: country, region: state, postal_code: postalCode, isp: isp,
        coordinates: CASE WHEN try_cast(longitude AS DOUBLE) IS NOT NULL AND try_cast(latitude AS DOUBLE) IS NOT NULL
          THEN [try_cast(longitude AS DOUBLE), try_cast(latitude AS DOUBLE)] END} END AS place,
    CASE WHEN os_name IS NOT NULL THEN {
      name: os_name,
      version: deviceOsVersion,
      type_id: CASE
        WHEN regexp_matches(os_name, '(?i)^mac|^os ?x') THEN 300 WHEN regexp_matches(os_name, '(?i)^windows') THEN 100
        WHEN regexp_matches(os_name, '(?i)^linux') THEN 200 WHEN regexp_matches(os_name, '(?i)^android') THEN 201
        WHEN regexp_matches(os_name, '(?i)^ios|^iphone') THEN 301 WHEN regexp_matches(os_name, '(?i)^ipad') THEN 302
        WHEN regexp_matches(os_name, '(?i)^unknown') THEN 0 ELSE 99 END} END AS system,
    CASE
      WHEN regexp_full_match(verb, 'created?|add(ed)?|register(ed)?|enroll|generate|issue|upload|import') THEN 1
      WHEN regexp_full_match(verb, 'read|view|list|search|download|export') THEN 2
      WHEN regexp_full_match(verb, '(de)?activated?|updated?|enabled?|disabled?|(un)?suspend|change|modify|overwrite|reset|rename|renew|rotate|replace|(re)?order|revoke|grant|(un)?publish|assign|unassign') THEN 3
      WHEN regexp_full_match(verb, 'deleted?|removed?|destroy|purge') THEN 4
      ELSE 99
    END AS change_id
  FROM classified
)
SELECT
  _raw,
  class_uid,
  CASE class_uid
    WHEN 3002 THEN CASE
      WHEN regexp_full_match(eventName, 'user[.]session[.](end|clear|expire|impersonation[.]end)|user[.]authentication[.](slo|universal_logout)([.].*)?') THEN 2
      WHEN regexp_full_match(eventName, 'user[.]session[.](start|access_admin_app|impersonation[.]initiate)|user[.]authentication[.].*|app[.]oauth2[.]signon') THEN 1
      ELSE 99 END
    WHEN 3001 THEN CASE
      WHEN eventName = 'user.lifecycle.create' THEN 1
      WHEN eventName IN ('user.lifecycle.activate', 'user.lifecycle.reactivate', 'user.lifecycle.unsuspend') THEN 2
      WHEN eventName = 'user.account.update_password' THEN 3
      WHEN eventName = 'user.account.reset_password' THEN 4
      WHEN eventName IN ('user.lifecycle.deactivate', 'user.lifecycle.suspend') THEN 5
      WHEN starts_with(eventName, 'user.lifecycle.delete') THEN 6
      WHEN eventName IN ('user.account.lock', 'user.account.lock.limit') THEN 9
      WHEN eventName = 'user.mfa.factor.activate' THEN 10
      WHEN eventName IN ('user.mfa.factor.deactivate', 'user.mfa.factor.reset_all') THEN 11
      ELSE 99 END
    WHEN 3005 THEN CASE WHEN verb IN ('add', 'grant') THEN 1 ELSE 2 END
    WHEN 3006 THEN CASE
      WHEN starts_with(eventName, 'group.user_membership.') THEN CASE verb WHEN 'add' THEN 3 ELSE 4 END
      WHEN verb IN ('add', 'grant') THEN 1 ELSE 2 END
    ELSE change_id
  END AS activity_id,
  eventName AS activity_name,
  utc_time(published) AS time_dt,
  CASE level WHEN 'DEBUG' THEN 1 WHEN 'INFO' THEN 1 WHEN 'WARN' THEN 3 WHEN 'ERROR' THEN 4 ELSE 0 END AS severity_id,
  CASE WHEN outcome IN ('SUCCESS', 'ALLOW') THEN 1 WHEN outcome IN ('FAILURE', 'DENY', 'RATE_LIMIT') THEN 2
    WHEN outcome IS NULL OR outcome = 'UNKNOWN' THEN 0 ELSE 99 END AS status_id,
  outcome AS status,
  outcome AS status_code,
  outcomeReason AS status_detail,
  text AS message,
  {
    uid: eventId,
    event_code: eventName,
    log_name: 'System Log',
    log_level: level,
    log_version: logVersion,
    original_time: published,
    correlation_uid: transactionId,
    product: {name: 'Okta', vendor_name: 'Okta'}
  } AS metadata,
  {
    user: CASE WHEN has_actor THEN {
      uid: actorId,
      name: COALESCE(actorLogin, actorName),
      full_name: actorName,
      email_addr: CASE WHEN regexp_full_match(actorLogin, '[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+[.][a-zA-Z0-9.-]+') THEN actorLogin END,
      type: actorType,
      type_id: CASE WHEN actorType = 'User' THEN 1 WHEN actorType = 'SystemPrincipal' THEN 3 WHEN actorType IS NOT NULL THEN 99 END
    } END,
    -- 'unknown' stands for no session.
    session: CASE WHEN COALESCE(nullif(sessionId, 'unknown'), nullif(rootSessionId, 'unknown')) IS NOT NULL
      THEN {uid: nullif(sessionId, 'unknown'), uid_alt: nullif(rootSessionId, 'unknown')} END,
    invoked_by: CASE WHEN NOT has_actor THEN 'Okta' END
  } AS actor,
  CASE WHEN class_uid NOT IN (3004, 6003) THEN {
    uid: who.id,
    name: COALESCE(who.login, who.name),
    full_name: who.name,
    email_addr: CASE WHEN regexp_full_match(who.login, '[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+[.][a-zA-Z0-9.-]+') THEN who.login END,
    type: who.type,
    type_id: CASE WHEN who.type = 'User' THEN 1 WHEN who.type = 'SystemPrincipal' THEN 3 WHEN who.type IS NOT NULL THEN 99 END
  } END AS user,
  CASE WHEN class_uid = 3006 THEN {uid: target_group.id, name: target_group.displayName, type: target_group.type} END AS "group",
  CASE
    WHEN class_uid = 3005 AND target_app IS NOT NULL AND starts_with(eventName, 'application.') THEN [COALESCE(target_app.displayName, target_app.id)]
    WHEN class_uid = 3006 AND starts_with(eventName, 'group.application_assignment.') THEN [COALESCE(target_app.displayName, target_app.id)]
    WHEN class_uid IN (3005, 3006) AND NOT starts_with(eventName, 'group.user_membership.') THEN privileges_named
  END AS privileges,
  CASE WHEN class_uid IN (3005, 3006) AND target_app IS NOT NULL
    THEN {uid: target_app.id, name: target_app.displayName, type: target_app.type} END AS resource,
  CASE WHEN class_uid = 3004 THEN {uid: target_entity.id, name: target_entity.displayName, type: target_entity.type} END AS entity,
  CASE WHEN class_uid = 6003 THEN
    list_transform(found, lambda t: {uid: t.id, name: t.displayName, type: t.type}) END AS resources,
  CASE WHEN class_uid = 6003 THEN {
    operation: COALESCE(eventName, 'Unknown'),
    service: {name: 'Okta'},
    request: CASE WHEN requestId IS NOT NULL THEN {uid: requestId} END,
    response: CASE WHEN outcome IN ('FAILURE', 'DENY', 'RATE_LIMIT') THEN {error: outcome, error_message: outcomeReason} END
  } END AS api,
  CASE WHEN class_uid = 3002 THEN {name: COALESCE(target_app.displayName, 'Okta'), uid: target_app.id} END AS service,
  CASE WHEN class_uid = 3002 THEN CASE
    WHEN eventName = 'user.authentication.auth_via_mfa' THEN true END END AS is_mfa,
  CASE WHEN class_uid = 3002 THEN CASE
    WHEN eventName = 'user.authentication.auth_via_radius' THEN 10
    WHEN eventName = 'user.authentication.auth_via_inbound_SAML' OR starts_with(signOnMode, 'SAML') THEN 5
    WHEN starts_with(signOnMode, 'OPENID') THEN 4
    WHEN starts_with(eventName, 'app.oauth2.') THEN 6 END END AS auth_protocol_id,
  CASE WHEN class_uid = 3002 THEN CASE
    WHEN eventName = 'user.authentication.auth_via_radius' THEN 'RADIUS'
    WHEN eventName = 'user.authentication.auth_via_inbound_SAML' OR starts_with(signOnMode, 'SAML') THEN 'SAML'
    WHEN starts_with(signOnMode, 'OPENID') THEN 'OpenID'
    WHEN starts_with(eventName, 'app.oauth2.') THEN 'OAUTH 2.0' END END AS auth_protocol,
  CASE WHEN class_uid IN (3001, 3002, 6003) THEN {
    ip: CASE WHEN has_address THEN clientIp END,
    name: CASE WHEN NOT has_address THEN clientIp END,
    svc_name: CASE WHEN clientIp IS NULL THEN 'Okta' END,
    zone: nullif(clientZone, 'null'),
    domain: clientDomain,
    type: clientDevice,
    type_id: CASE clientDevice WHEN 'Computer' THEN 2 WHEN 'Tablet' THEN 4 WHEN 'Mobile' THEN 5 WHEN 'Unknown' THEN 0
      ELSE CASE WHEN clientDevice IS NOT NULL THEN 99 END END,
    location: place,
    os: CASE WHEN deviceId IS NULL AND deviceName IS NULL THEN system END,
    intermediate_ips: list_filter(list_transform(chain, lambda c: c.ip), lambda ip: is_ip(ip) AND ip IS DISTINCT FROM clientIp)
  } END AS src_endpoint,
  -- These classes have no source endpoint: there the device has the address.
  CASE WHEN class_uid <> 6003 AND (deviceId IS NOT NULL OR deviceName IS NOT NULL OR (class_uid IN (3004, 3005, 3006) AND has_address)) THEN {
    uid: deviceId,
    name: deviceName,
    ip: CASE WHEN has_address THEN clientIp END,
    type_id: 0,
    zone: CASE WHEN class_uid IN (3004, 3005, 3006) THEN nullif(clientZone, 'null') END,
    location: CASE WHEN class_uid IN (3004, 3005, 3006) THEN place END,
    os: system,
    is_managed: try_cast(deviceManaged AS BOOLEAN)
  } END AS device,
  CASE WHEN class_uid IN (3001, 3002, 6003) AND COALESCE(userAgent, requestId, requestUri) IS NOT NULL THEN {
    uid: requestId,
    user_agent: userAgent,
    url: CASE WHEN requestUri IS NOT NULL THEN {path: requestUri} END
  } END AS http_request,
  CASE WHEN class_uid IN (3004, 3005, 3006) OR NOT has_actor THEN
    map_from_entries(list_filter([
      {k: 'actor.type', v: CASE WHEN NOT has_actor THEN actorType END},
      {k: 'client.userAgent.rawUserAgent', v: CASE WHEN unplaced THEN userAgent END},
      {k: 'client.ipAddress', v: CASE WHEN unplaced AND NOT has_address THEN clientIp END},
      {k: 'client.zone', v: CASE WHEN unplaced AND NOT has_address THEN nullif(clientZone, 'null') END},
      {k: 'client.geographicalContext.city', v: CASE WHEN unplaced AND NOT has_address THEN city END},
      {k: 'client.geographicalContext.state', v: CASE WHEN unplaced AND NOT has_address THEN state END},
      {k: 'client.geographicalContext.country', v: CASE WHEN unplaced AND NOT has_address THEN country END},
      {k: 'client.geographicalContext.postalCode', v: CASE WHEN unplaced AND NOT has_address THEN postalCode END}
    ], lambda e: e.v IS NOT NULL))
  END AS unmapped,
  CASE
    WHEN published IS NOT NULL AND utc_time(published) IS NULL THEN 'time.invalid: published is no time: ' || published
    WHEN eventName IS NULL THEN 'okta.not-an-event: the record has no eventType'
  END AS _error
FROM shaped
