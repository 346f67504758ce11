import { defineLogSource, jsonRecords, type ObjectSample } from '#core/lake/source/log-source.ts';
import { firstNotice } from '#core/lake/text/aws-notice.ts';
import { isJsonObject, type JsonObject } from '#core/lake/text/json-object.ts';
import { expandEvents } from './expand-events.ts';

export const source = defineLogSource({
  id: 'okta.system-log',
  title: 'Okta System Log',
  vendor: 'Okta',
  classes: ['authentication', 'account_change', 'user_access', 'group_management', 'entity_management', 'api_activity'],
  profiles: ['host'],
  recognise: { key: /okta/i, content: isSystemLog },
  decode: jsonRecords({ at: ['events'], expand: expandEvents }),
  fields: {
    eventId: 'uuid',
    published: 'published',
    eventName: 'eventType',
    logVersion: 'version',
    level: 'severity',
    text: 'displayMessage',
    actorId: 'actor.id',
    actorType: 'actor.type',
    actorLogin: 'actor.alternateId',
    actorName: 'actor.displayName',
    clientIp: 'client.ipAddress',
    clientZone: 'client.zone',
    clientDevice: { path: 'client.device', keep: true },
    clientOs: { path: 'client.userAgent.os', keep: true },
    userAgent: 'client.userAgent.rawUserAgent',
    city: 'client.geographicalContext.city',
    state: 'client.geographicalContext.state',
    country: 'client.geographicalContext.country',
    postalCode: 'client.geographicalContext.postalCode',
    latitude: { path: 'client.geographicalContext.geolocation.lat', keep: true },
    longitude: { path: 'client.geographicalContext.geolocation.lon', keep: true },
    isp: { path: 'securityContext.isp', keep: true },
    clientDomain: { path: 'securityContext.domain', keep: true },
    ipChain: { path: 'request.ipChain', keep: true },
    outcome: 'outcome.result',
    outcomeReason: 'outcome.reason',
    sessionId: 'authenticationContext.externalSessionId',
    rootSessionId: 'authenticationContext.rootSessionId',
    transactionId: 'transaction.id',
    requestId: { path: 'debugContext.debugData.requestId', keep: true },
    requestUri: { path: 'debugContext.debugData.requestUri', keep: true },
    signOnMode: { path: 'debugContext.debugData.signOnMode', keep: true },
    privilegeGranted: { path: 'debugContext.debugData.privilegeGranted', keep: true },
    privilegeRevoked: { path: 'debugContext.debugData.privilegeRevoked', keep: true },
    targets: { path: 'target', keep: true },
    deviceId: { path: 'device.id', keep: true },
    deviceName: { path: 'device.name', keep: true },
    devicePlatform: { path: 'device.os_platform', keep: true },
    deviceOsVersion: { path: 'device.os_version', keep: true },
    deviceManaged: { path: 'device.managed', keep: true },
  },
});

function isSystemLog(sample: ObjectSample): boolean {
  const notice = firstNotice(sample, 'events');
  if (notice !== undefined) return isEvent(firstOfHook(notice.document));
  return sample.firstJson === undefined && /^\s*[[{]/.test(sample.text) && isEventText(sample.text);
}

function firstOfHook(document: JsonObject): JsonObject {
  const { data } = document;
  const events = isJsonObject(data) ? data['events'] : undefined;
  const first: unknown = Array.isArray(events) ? events[0] : undefined;
  return isJsonObject(first) ? first : document;
}

function isEvent(document: JsonObject): boolean {
  return (
    ['uuid', 'published', 'eventType', 'actor'].every((key) => Object.hasOwn(document, key)) &&
    ['displayMessage', 'outcome', 'legacyEventType'].some((key) => Object.hasOwn(document, key))
  );
}

/** The beginning of an array whose end is not in the sample. */
function isEventText(text: string): boolean {
  return ['uuid', 'published', 'eventType', 'displayMessage', 'outcome'].every((key) => text.includes(`"${key}"`));
}
