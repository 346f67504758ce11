import type { HttpEvent } from '#apps/lambda/lambda-event.ts';
import {
  blockActionsPayload,
  formBody,
  signedHeaders,
  viewSubmissionPayload,
} from '../../stand-ins/slack/interactions.ts';
import type { SlackStandIn } from '../../stand-ins/slack/slack-stand-in.ts';
import { SIGNING_SECRET } from './aws-home.ts';

/** How a test may bend a request. */
export type Bent = { readonly secret?: string; readonly at?: number; readonly isBase64Encoded?: boolean };

/** What API Gateway's HTTP API (payload 2.0) gives the function when Slack sends this payload. */
export function slackEvent(
  payload: unknown,
  { secret = SIGNING_SECRET, at = Date.now(), isBase64Encoded = false }: Bent = {},
): HttpEvent {
  const text = formBody(payload);
  const event = {
    version: '2.0',
    routeKey: 'POST /slack/{path+}',
    rawPath: '/slack/interactivity',
    rawQueryString: '',
    headers: {
      accept: 'application/json,*/*',
      'content-length': String(Buffer.byteLength(text)),
      host: 'abcde12345.execute-api.ap-northeast-1.amazonaws.com',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-proto': 'https',
      ...signedHeaders(secret, text, at),
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcde12345',
      domainName: 'abcde12345.execute-api.ap-northeast-1.amazonaws.com',
      http: { method: 'POST', path: '/slack/interactivity', protocol: 'HTTP/1.1', sourceIp: '198.51.100.7' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: 'POST /slack/{path+}',
      stage: '$default',
      timeEpoch: at,
    },
    pathParameters: { path: 'interactivity' },
    body: isBase64Encoded ? Buffer.from(text).toString('base64') : text,
    isBase64Encoded,
  };
  return event;
}

/** Somebody presses a button of the newest message in a channel. */
export function clicked(slack: SlackStandIn, channel: string, actionId: string): Record<string, unknown> {
  const message = slack
    .messages(channel)
    .findLast(({ threadTs, ephemeralFor }) => threadTs === null && ephemeralFor === null);
  if (message === undefined) throw new Error(`there is no message in ${channel}`);
  const button = JSON.stringify(message.blocks).match(
    new RegExp(`"action_id":"${actionId}"[^}]*?\\}[^}]*?"value":"([^"]+)"`),
  );
  return blockActionsPayload({
    actionId,
    value: button?.[1] ?? '',
    channelId: message.channelId,
    channelName: message.channel,
    ts: message.ts,
    triggerId: slack.trigger(),
  });
}

/** Somebody fills in the form that was opened last. */
export function submitted(slack: SlackStandIn, reason: string): Record<string, unknown> {
  const view = slack.views.at(-1)?.view;
  if (view === undefined) throw new Error('no form was opened');
  const chosen = (value: string) => ({ type: 'static_select', selected_option: { value } });
  return viewSubmissionPayload({
    view,
    values: {
      reason: { reason: { type: 'plain_text_input', value: reason } },
      scope: { scope: chosen('problem') },
      days: { days: chosen('30') },
    },
  });
}
