import type { Observation, ObservedFact } from '#core/finding/observation.ts';
import type { Envelope } from '#core/intake/envelope.ts';
import { at, first, list, text, time } from '#core/intake/fields.ts';
import { accountKey } from '#core/intake/problem-key.ts';
import { accountId } from '#core/organization/account.ts';

/** Lifecycle events this program tells about, and the word for what happened. */
const WORDS: Readonly<Record<string, string>> = {
  CreateManagedAccount: 'created',
  UpdateManagedAccount: 'updated',
  CreateAccountResult: 'created',
  InviteAccountToOrganization: 'invited',
  AcceptHandshake: 'joined',
  MoveAccount: 'moved',
  CloseAccount: 'closing',
  CloseAccountResult: 'closed',
  RemoveAccountFromOrganization: 'removed',
  LeaveOrganization: 'left',
};

/** What asks for an owner; everything else is over as soon as it is told. */
const ASKS_FOR_OWNER: ReadonlySet<string> = new Set(['created', 'invited', 'joined']);

/** True for the Control Tower and Organizations events that CloudTrail delivers. */
export function isAccountLifecycle(envelope: Envelope): boolean {
  const source = text(envelope.detail, 'eventSource') ?? '';
  const ours =
    /^(organizations|controltower)\.amazonaws\.com$/.test(source) ||
    envelope.source === 'aws.controltower' ||
    envelope.source === 'aws.organizations';
  return ours && text(WORDS, text(envelope.detail, 'eventName') ?? '') !== undefined;
}

/** A new, moved, closed or leaving account; undefined when the event names no account or reports a refused call. */
export function observeAccountLifecycle(envelope: Envelope): Observation | undefined {
  const detail = envelope.detail;
  const name = text(detail, 'eventName') ?? '';
  const what = text(WORDS, name);
  const status = first(
    at(detail, 'serviceEventDetails', 'createManagedAccountStatus'),
    at(detail, 'serviceEventDetails', 'updateManagedAccountStatus'),
    at(detail, 'serviceEventDetails', 'createAccountStatus'),
    at(detail, 'serviceEventDetails', 'closeAccountStatus'),
  );
  const target = targetOf(detail, status);
  if (what === undefined || target === undefined || text(detail, 'errorCode') !== undefined) return undefined;
  const happenedAt = first(time(detail, 'eventTime'), envelope.time ?? undefined) ?? 0;
  const failed = text(status, 'state') === 'FAILED';
  const accountName = first(
    text(status, 'account', 'accountName'),
    unmasked(text(status, 'accountName')),
    unmasked(text(detail, 'requestParameters', 'accountName')),
  );
  const word = failed ? `${what}-failed` : what;
  // Creation is told by Control Tower and by Organizations; everything else can happen again.
  const key =
    word === 'created'
      ? accountKey(target, word)
      : accountKey(target, word, text(detail, 'eventID') ?? String(happenedAt));
  return {
    kind: 'account',
    topic: 'account-lifecycle',
    key,
    origin: `lifecycle:${name}`,
    accountId: target,
    ...(accountName === undefined ? {} : { accountNameHint: accountName }),
    region: text(detail, 'awsRegion') ?? envelope.region,
    severity: 'INFORMATIONAL',
    severityStated: true,
    state: ASKS_FOR_OWNER.has(word) ? 'active' : 'resolved',
    updatedAt: happenedAt,
    firstSeenAt: happenedAt,
    lastSeenAt: happenedAt,
    count: null,
    type: name,
    product: name.endsWith('ManagedAccount') ? 'aws/controltower' : 'aws/organizations',
    title: `Account ${word.replace('-', ' ')}`,
    description: first(text(status, 'message'), text(status, 'failureReason')) ?? '',
    advice: { text: null, url: null },
    resources: [{ type: 'AwsAccount', id: target, ...(accountName === undefined ? {} : { name: accountName }) }],
    resourceCount: 1,
    actor: actorOf(detail),
    sample: false,
    sourceUrl: `https://console.aws.amazon.com/organizations/v2/home/accounts/${encodeURIComponent(target)}`,
    facts: factsOf(detail, status, word),
    marks: {},
  };
}

/** CloudTrail masks account names of some calls with asterisks. */
function unmasked(name: string | undefined): string | undefined {
  return name === undefined || /^\*+$/.test(name) ? undefined : name;
}

function targetOf(detail: unknown, status: unknown): string | undefined {
  const party = list(detail, 'responseElements', 'handshake', 'parties').find(
    (entry) => text(entry, 'type') === 'ACCOUNT',
  );
  return first(
    text(status, 'account', 'accountId'),
    text(status, 'accountId'),
    text(detail, 'requestParameters', 'accountId'),
    accountId(text(detail, 'requestParameters', 'target', 'id')),
    accountId(text(party, 'id')),
    text(detail, 'eventName') === 'LeaveOrganization' ? text(detail, 'userIdentity', 'accountId') : undefined,
  );
}

function actorOf(detail: unknown): Observation['actor'] {
  const principal = first(text(detail, 'userIdentity', 'arn'), text(detail, 'userIdentity', 'invokedBy'));
  return principal === undefined ? null : { principal };
}

function factsOf(detail: unknown, status: unknown, word: string): ObservedFact[] {
  const entries: [string, string | undefined][] = [
    ['lifecycle', word],
    ['ou', text(status, 'organizationalUnit', 'organizationalUnitName')],
    ['from', text(detail, 'requestParameters', 'sourceParentId')],
    ['to', text(detail, 'requestParameters', 'destinationParentId')],
  ];
  return entries.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}
