import type { FindingSummary, MessageRow, RouteExplanation } from '../../src/ports/http-api.ts';

type Blocks = MessageRow['blocks'];
type Destination = MessageRow['destination'];

const EMOJI = {
  CRITICAL: ':rotating_light:',
  HIGH: ':red_circle:',
  MEDIUM: ':large_orange_circle:',
  LOW: ':large_yellow_circle:',
  INFORMATIONAL: ':information_source:',
} as const;

const WORDS = {
  ja: {
    todo: '*対応:* セッションを無効化し、認証情報が流出した経路を調査してください。',
    severity: '重要度',
    region: 'リージョン',
    resource: 'リソース',
    actor: '実行元',
    seen: '検出',
    times: '回数',
    acknowledge: '確認済みにする',
    assign: '自分を担当にする',
    accept: 'リスクを受け入れる',
    why: 'なぜ届いたのか',
    open: 'コンソールで開く',
    resolved: ':white_check_mark: 解決しました。',
    noOwner: ':warning: *このアカウントには担当チームがありません。*',
  },
  en: {
    todo: '*Do this:* revoke the sessions and find out how the credentials leaked.',
    severity: 'Severity',
    region: 'Region',
    resource: 'Resource',
    actor: 'Actor',
    seen: 'Seen',
    times: 'Times',
    acknowledge: 'Acknowledge',
    assign: 'Assign to me',
    accept: 'Accept risk',
    why: 'Why did I get this?',
    open: 'Open in Yagura',
    resolved: ':white_check_mark: This is resolved.',
    noOwner: ':warning: *Nobody owns this account.*',
  },
} as const;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const plain = (text: string) => ({ type: 'plain_text', text, emoji: true });

/** Where the finding's team, or else the central team, is told. */
export function destinationOf(finding: FindingSummary): Destination {
  const kind = finding.kind === 'account' ? 'securityhub' : finding.kind;
  return { kind: 'slack', channel: finding.team === null ? `#sec-${kind}` : `#${finding.team.id}-${kind}` };
}

/** A message about a finding in Block Kit. */
export function messageFor(finding: FindingSummary, language: 'ja' | 'en'): { text: string; blocks: Blocks } {
  const words = WORDS[language];
  const where = finding.account.name === null ? finding.account.id : `${finding.account.name} (${finding.account.id})`;
  const seconds = Math.floor(finding.lastSeenAt / 1000);
  const button = (action: string, text: string, style?: 'primary' | 'danger') => ({
    type: 'button',
    action_id: `yagura.${action}`,
    text: plain(text),
    value: finding.key,
    ...(style === undefined ? {} : { style }),
  });
  const blocks = [
    { type: 'header', text: plain(`${EMOJI[finding.severity]} ${finding.title.slice(0, 120)}`) },
    ...(finding.team === null ? [{ type: 'section', text: mrkdwn(words.noOwner) }] : []),
    { type: 'section', text: mrkdwn(`*${escaped(where)}*\n${words.todo}`) },
    {
      type: 'section',
      fields: [
        mrkdwn(`*${words.severity}*\n${finding.severity}`),
        mrkdwn(`*${words.region}*\n\`${finding.region}\``),
        mrkdwn(`*${words.resource}*\n\`${escaped(finding.resource?.id ?? '-')}\``),
        mrkdwn(`*${words.actor}*\n203.0.113.57 (Netherlands)`),
        mrkdwn(`*${words.seen}*\n<!date^${seconds}^{date_short_pretty} {time}|2026-11-24>`),
        mrkdwn(`*${words.times}*\n${finding.timesSeen}`),
      ],
    },
    {
      type: 'context',
      elements: [
        mrkdwn(`${escaped(finding.type)} · <https://docs.aws.amazon.com/guardduty/|docs> · _${finding.kind}_`),
      ],
    },
    {
      type: 'actions',
      block_id: 'yagura',
      elements: [
        button('acknowledge', words.acknowledge, 'primary'),
        button('assign', words.assign),
        button('accept-risk', words.accept, 'danger'),
        button('why', words.why),
      ],
    },
  ];
  return { text: `${finding.title} – ${where}`, blocks };
}

/** The feed: one message per open finding, some with threads. */
export function makeMessages(findings: readonly FindingSummary[], mode: MessageRow['mode']): MessageRow[] {
  return findings.map((finding, index) => {
    const destination = destinationOf(finding);
    const id = `message-${index}`;
    const base = {
      destinationKey: destination.kind === 'slack' ? `slack:${destination.channel}` : destination.kind,
      destination,
      severity: finding.severity,
      // The mock's keys are keys by definition.
      problemKeys: [finding.key] as unknown as MessageRow['problemKeys'],
    };
    const language = index % 3 === 2 ? 'en' : 'ja';
    const replies = index % 4 === 1 ? [reply(base, id, finding, language)] : [];
    return {
      ...base,
      ...messageFor(finding, language),
      id,
      kind: 'finding',
      action: 'post',
      inThreadOf: null,
      sentAt: finding.lastSeenAt + 20_000,
      editedAt: index % 5 === 2 ? finding.lastSeenAt + 600_000 : null,
      mode,
      replies,
    };
  });
}

function reply(
  base: Pick<MessageRow, 'destination' | 'destinationKey' | 'severity' | 'problemKeys'>,
  parent: string,
  finding: FindingSummary,
  language: 'ja' | 'en',
): MessageRow['replies'][number] {
  const text = WORDS[language].resolved;
  return {
    ...base,
    id: `${parent}-reply`,
    kind: 'reply',
    action: 'resolve',
    text,
    blocks: [{ type: 'section', text: mrkdwn(text) }],
    inThreadOf: parent,
    sentAt: finding.lastSeenAt + 3_600_000,
    editedAt: null,
  };
}

/** Who gets a finding and why. */
export function explanationsFor(finding: FindingSummary, event: number, language: 'ja' | 'en'): RouteExplanation[] {
  const base = {
    event,
    kind: finding.kind,
    problemKey: finding.key,
    account: finding.account,
    team: finding.team?.id ?? null,
    severity: finding.severity,
  };
  const destination = destinationOf(finding);
  const central: Destination = { kind: 'slack', channel: '#sec-guardduty' };
  return [
    {
      ...base,
      decision: 'send',
      reason: `Route ${finding.team?.id ?? 'central'}/${finding.kind}: ${finding.severity} reaches the floor LOW.`,
      action: 'post',
      destination,
      message: messageFor(finding, language),
    },
    {
      ...base,
      decision: 'digest',
      reason: 'Route central/guardduty: merged into the digest of the hour.',
      action: 'post',
      destination: central,
      message: messageFor(finding, 'en'),
    },
    { ...base, decision: 'drop', reason: 'Below the floor CRITICAL of the central team.', action: 'none' },
  ];
}
