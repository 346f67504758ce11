import { createSlackApi, type SlackApiOptions } from './slack-api.ts';

/** Asks Slack who the token is. */
export async function checkSlack(options: SlackApiOptions): Promise<{ readonly ok: boolean; readonly detail: string }> {
  const answer = await createSlackApi(options).call('auth.test', {}, { what: 'check the bot token', where: 'Slack' });
  if (answer.ok)
    return {
      ok: true,
      detail: `connected to ${String(answer.data['team'] ?? 'Slack')} as ${String(answer.data['user'] ?? 'the app')}`,
    };
  const { result } = answer;
  return {
    ok: false,
    detail:
      result.kind === 'rejected' || result.kind === 'unavailable'
        ? result.error
        : 'Slack asks to wait; try again in a minute',
  };
}
