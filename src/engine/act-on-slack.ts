import { messageOf } from '#core/errors/yagura-error.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { Problem, Told } from '#core/finding/problem.ts';
import type { Language } from '#core/notification/destination.ts';
import { accountLabel } from '#core/organization/account.ts';
import type { Directory } from '#core/organization/directory.ts';
import { reasonText } from '#core/text/reason-text.ts';
import { slackAnswer } from '#core/text/slack-answers.ts';
import { type ActionPorts, type Actor, acknowledge, addException, assign, riskScope } from '#engine/problem-actions.ts';
import type { ChatMessage, ChatResult } from '#ports/chat.ts';
import type { SlackInteraction, SlackResponder } from '#ports/slack-actions.ts';

export type SlackPorts = ActionPorts & { readonly responder: SlackResponder; readonly directory: () => Directory };

/** Does what a person asked for by a button or form, and answers that person. Verified and acknowledged before this. */
export async function actOnSlack(interaction: SlackInteraction, ports: SlackPorts): Promise<void> {
  const key = interaction.problem as ProblemKey; // our own button's value; the store says when it knows none
  const problem = (await ports.store.problems([key])).get(key);
  const told = problem === undefined ? undefined : toldHere(problem, interaction);
  const language = told?.language ?? 'en';
  if (problem === undefined) return answer(interaction, ports, slackAnswer('unknown-problem', language, {}));
  try {
    await carryOut(interaction, problem, told, language, ports);
  } catch (thrown) {
    await answer(interaction, ports, slackAnswer('failed', language, { detail: messageOf(thrown) }));
  }
}

async function carryOut(
  interaction: SlackInteraction,
  problem: Problem,
  told: Told | undefined,
  language: Language,
  ports: SlackPorts,
): Promise<void> {
  const actor: Actor = { id: `slack:${interaction.user.id}`, name: interaction.user.name };
  switch (interaction.kind) {
    case 'acknowledge':
      await acknowledge(problem.key, actor, ports);
      return answer(interaction, ports, slackAnswer('acknowledged', language, { who: actor.name }));
    case 'assign':
      await assign(problem.key, actor.name, actor, ports);
      return answer(interaction, ports, slackAnswer('assigned', language, { who: actor.name }));
    case 'why':
      return answer(
        interaction,
        ports,
        slackAnswer('why', language, { reason: told === undefined ? '-' : reasonText(told.reason, language) }),
      );
    case 'accept-risk-open':
      await openRiskForm(interaction, problem, language, ports);
      return undefined;
    case 'accept-risk-submit': {
      const { reason, scope, days } = interaction.values;
      const exception = await addException(
        { scope: riskScope(problem, scope), reason, owner: actor.name, days },
        actor,
        ports,
      );
      return answer(
        interaction,
        ports,
        slackAnswer('risk-accepted', language, {
          who: actor.name,
          until: new Date(exception.expiresAt).toISOString().slice(0, 10),
        }),
      );
    }
  }
}

/** Opens the form; must happen within three seconds of the click, so homes call it before they hand the rest to a queue. */
export async function openRiskForm(
  interaction: SlackInteraction,
  problem: Problem | undefined,
  language: Language,
  ports: Pick<SlackPorts, 'responder' | 'directory'>,
): Promise<void> {
  const id = problem?.observation.accountId ?? null;
  const place =
    id === null ? '' : ` – ${accountLabel(ports.directory().view(id, problem?.observation.accountNameHint))}`;
  const { channel, messageTs, threadTs } = interaction;
  const subject = problem === undefined ? interaction.problem : `${problem.observation.title}${place}`;
  await ports.responder.openView(interaction.triggerId, {
    kind: 'accept-risk',
    language,
    subject,
    problem: interaction.problem,
    channel,
    messageTs,
    threadTs,
  });
}

/** Which of the told destinations the button was pressed in. */
function toldHere(problem: Problem, interaction: SlackInteraction): Told | undefined {
  const told = Object.values(problem.told).filter((entry) => entry.destination.kind === 'slack');
  const names = [interaction.channel.id, `#${interaction.channel.name ?? ''}`];
  return (
    told.find((entry) => entry.destination.kind === 'slack' && names.includes(entry.destination.channel)) ?? told[0]
  );
}

async function answer(interaction: SlackInteraction, ports: SlackPorts, message: ChatMessage): Promise<void> {
  const to = { channelId: interaction.channel.id, userId: interaction.user.id, threadTs: interaction.threadTs };
  const result: ChatResult = await ports.responder.postEphemeral(to, message);
  if (result.kind === 'sent' || interaction.kind === 'why') return;
  // A private answer that cannot be shown is said in the thread instead.
  await ports.responder.reply(
    { channelId: interaction.channel.id, threadTs: interaction.threadTs ?? interaction.messageTs },
    message,
  );
}
