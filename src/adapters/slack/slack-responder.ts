import type { SlackResponder } from '#ports/slack-actions.ts';
import { acceptRiskView } from './accept-risk-view.ts';
import { createSlackApi, type SlackApiOptions } from './slack-api.ts';
import { contentOf, sentFrom } from './slack-web-chat.ts';

/** Answers people who pressed a button, with the bot token. */
export function createSlackResponder(options: SlackApiOptions): SlackResponder {
  const api = createSlackApi(options);
  return {
    async postEphemeral({ channelId, userId, threadTs }, message) {
      const answer = await api.call(
        'chat.postEphemeral',
        { channel: channelId, user: userId, ...contentOf(message), ...(threadTs !== null && { thread_ts: threadTs }) },
        { what: `Answering ${userId} in`, where: channelId },
      );
      return answer.ok ? { kind: 'sent', channelId, ts: null } : answer.result;
    },
    async openView(triggerId, view) {
      const answer = await api.call(
        'views.open',
        { trigger_id: triggerId, view: acceptRiskView(view) },
        { what: 'Opening a form for a message in', where: view.channel.id },
      );
      return answer.ok ? { kind: 'sent', channelId: null, ts: null } : answer.result;
    },
    async reply({ channelId, threadTs }, message) {
      const answer = await api.call(
        'chat.postMessage',
        { channel: channelId, thread_ts: threadTs, ...contentOf(message), unfurl_links: false, unfurl_media: false },
        { what: 'Answering in a thread of', where: channelId },
      );
      return answer.ok ? sentFrom(answer.data) : answer.result;
    },
  };
}
