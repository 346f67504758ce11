import { defineLogSource, jsonRecords, type ObjectSample } from '#core/lake/source/log-source.ts';
import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';
import { expandRecords } from './expand-records.ts';

export const source = defineLogSource({
  id: 'microsoft.entra',
  title: 'Microsoft Entra ID sign-in and audit logs',
  vendor: 'Microsoft',
  classes: ['authentication', 'account_change', 'user_access', 'group_management', 'entity_management', 'api_activity'],
  profiles: ['cloud', 'host'],
  recognise: { key: /insights-logs-[a-z]*(?:signin|audit)logs|entra|azure-?ad|\baad\b/i, content: isEntra },
  decode: jsonRecords({ at: ['records'], expand: expandRecords }),
  fields: {
    logTime: 'time',
    category: 'category',
    operation: 'operationName',
    tenant: 'tenantId',
    resource: { path: 'resourceId', keep: true },
    resultType: 'resultType',
    resultText: 'resultDescription',
    callerIp: 'callerIpAddress',
    correlation: 'correlationId',
    identity: 'identity',
    recordId: 'properties.id',
    createdAt: 'properties.createdDateTime',
    activityAt: 'properties.activityDateTime',
    correlationId: 'properties.correlationId',
    userId: 'properties.userId',
    principalName: 'properties.userPrincipalName',
    displayName: 'properties.userDisplayName',
    userType: 'properties.userType',
    appId: { path: 'properties.appId', keep: true },
    appName: 'properties.appDisplayName',
    ipAddress: 'properties.ipAddress',
    userAgent: 'properties.userAgent',
    errorCode: 'properties.status.errorCode',
    failureReason: 'properties.status.failureReason',
    isInteractive: { path: 'properties.isInteractive', keep: true },
    city: 'properties.location.city',
    state: 'properties.location.state',
    country: 'properties.location.countryOrRegion',
    latitude: { path: 'properties.location.geoCoordinates.latitude', keep: true },
    longitude: { path: 'properties.location.geoCoordinates.longitude', keep: true },
    deviceId: 'properties.deviceDetail.deviceId',
    deviceName: 'properties.deviceDetail.displayName',
    deviceOs: { path: 'properties.deviceDetail.operatingSystem', keep: true },
    deviceCompliant: { path: 'properties.deviceDetail.isCompliant', keep: true },
    deviceManaged: { path: 'properties.deviceDetail.isManaged', keep: true },
    requirement: { path: 'properties.authenticationRequirement', keep: true },
    mfaMethod: { path: 'properties.mfaDetail.authMethod', keep: true },
    protocol: { path: 'properties.authenticationProtocol', keep: true },
    signInRisk: { path: 'properties.riskLevelDuringSignIn', keep: true },
    userRisk: { path: 'properties.riskLevelAggregated', keep: true },
    riskState: { path: 'properties.riskState', keep: true },
    resourceName: 'properties.resourceDisplayName',
    resourceUid: 'properties.resourceId',
    principalId: { path: 'properties.servicePrincipalId', keep: true },
    principalTitle: { path: 'properties.servicePrincipalName', keep: true },
    credentialId: { path: 'properties.servicePrincipalCredentialKeyId', keep: true },
    homeTenant: 'properties.homeTenantId',
    resourceTenant: { path: 'properties.resourceTenantId', keep: true },
    tokenIssuer: 'properties.tokenIssuerName',
    sessionId: 'properties.sessionId',
    tokenId: 'properties.uniqueTokenIdentifier',
    eventTypes: { path: 'properties.signInEventTypes', keep: true },
    auditCategory: 'properties.category',
    activityName: 'properties.activityDisplayName',
    auditResult: 'properties.result',
    auditReason: 'properties.resultReason',
    loggedBy: 'properties.loggedByService',
    initiatorId: 'properties.initiatedBy.user.id',
    initiatorLogin: 'properties.initiatedBy.user.userPrincipalName',
    initiatorName: 'properties.initiatedBy.user.displayName',
    initiatorIp: 'properties.initiatedBy.user.ipAddress',
    initiatorAppId: 'properties.initiatedBy.app.appId',
    initiatorApp: 'properties.initiatedBy.app.displayName',
    initiatorPrincipal: 'properties.initiatedBy.app.servicePrincipalId',
    targets: { path: 'properties.targetResources', keep: true },
  },
});

const logCategory = /^(?:AuditLogs|[A-Za-z]*SignInLogs)$/;

function isEntra(sample: ObjectSample): boolean {
  const first = firstRecord(sample.firstJson);
  if (first !== undefined) return isEntraRecord(first);
  return /^\s*[[{]/.test(sample.text) && isEntraText(sample.text);
}

/** The sample ends within the first document, or within an array of them. */
function isEntraText(text: string): boolean {
  const hasAll = (...names: readonly string[]): boolean => names.every((name) => text.includes(`"${name}"`));
  return (
    /"category"\s*:\s*"(?:AuditLogs|[A-Za-z]{0,40}SignInLogs)"/.test(text) ||
    hasAll('activityDisplayName', 'initiatedBy', 'targetResources') ||
    hasAll('createdDateTime', 'appDisplayName', 'conditionalAccessStatus', 'status')
  );
}

function firstRecord(value: unknown): JsonObject | undefined {
  if (Array.isArray(value)) return firstRecord(value[0]);
  if (!isJsonObject(value)) return undefined;
  const list = [value['records'], value['value']].find((inner): inner is unknown[] => Array.isArray(inner));
  const record = list === undefined ? value : list[0];
  return isJsonObject(record) ? record : undefined;
}

function isEntraRecord(record: JsonObject): boolean {
  const { category } = record;
  if (typeof category === 'string' && record['activityDateTime'] === undefined)
    return (
      logCategory.test(category) && ['time', 'operationName', 'properties'].some((key) => Object.hasOwn(record, key))
    );
  const isAudit = ['activityDateTime', 'activityDisplayName', 'initiatedBy'].every((key) => Object.hasOwn(record, key));
  const isSignIn = ['createdDateTime', 'appId', 'status'].every((key) => Object.hasOwn(record, key));
  return isAudit || (isSignIn && ['userPrincipalName', 'servicePrincipalId'].some((key) => Object.hasOwn(record, key)));
}
