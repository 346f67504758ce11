import type { FlatField, FlatRows } from '#core/lake/queries/flat-rows.ts';

/** When, and in whose logs: what all rows have. */
export const placeFields: Readonly<Record<string, FlatField>> = {
  event_time: { clock: 'time' },
  account: { partition: 'accountId' },
  region: { partition: 'region' },
};

/** Calls of APIs with what CloudTrail tells of them, in whichever class they are. */
export const callRows: FlatRows = {
  classes: ['api_activity', 'authentication', 'account_change'],
  fields: {
    ...placeFields,
    service: 'api.service.name',
    operation: 'api.operation',
    principal: { firstOf: ['actor.user.uid', 'actor.user.name', 'actor.invoked_by'] },
    user_name: 'actor.user.name',
    user_type: 'actor.user.type',
    issuer: 'actor.session.issuer',
    access_key: 'actor.user.credential_uid',
    target: { firstOf: ['user.name', 'user.uid'] },
    src_ip: 'src_endpoint.ip',
    src_key: { addressOf: 'src_endpoint' },
    user_agent: 'http_request.user_agent',
    is_mfa: 'is_mfa',
    status_id: 'status_id',
    error: { firstOf: ['api.response.error', 'status_code'] },
    message: { firstOf: ['api.response.error_message', 'message'] },
    resources: { listOf: 'resources.uid' },
    request: { firstOf: ['_request_data', 'api.request.data'] },
  },
};
