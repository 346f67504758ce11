import type { EventPattern } from 'aws-cdk-lib/aws-events';

/** One rule: its name without the prefix, what it matches and why. */
export type EventRule = { readonly name: string; readonly description: string; readonly pattern: EventPattern };

/** What the delegated administrator's account receives for all member accounts, in each governed Region. */
export const findingRules: readonly EventRule[] = [
  {
    name: 'guardduty',
    description: 'GuardDuty findings of all member accounts',
    pattern: { source: ['aws.guardduty'], detailType: ['GuardDuty Finding'] },
  },
  {
    name: 'securityhub',
    description: 'Security Hub findings of all member accounts, CSPM and V2',
    pattern: {
      source: ['aws.securityhub'],
      detailType: ['Security Hub Findings - Imported', 'Security Hub Findings - Custom Action', 'Findings Imported V2'],
    },
  },
];

/**
 * AWS Health. With organizational view the feed of all accounts goes to the management account and to delegated
 * administrators; which of them is registered is not known here, so both listen and copies are recognised later.
 */
export const healthRule: EventRule = {
  name: 'health',
  description: 'AWS Health events, organizational view',
  pattern: { source: ['aws.health'], detailType: ['AWS Health Event', 'AWS Health Abuse Event'] },
};

/** The management account only; Organizations reports to us-east-1. A call that failed changed nothing. */
export const organizationsRule: EventRule = {
  name: 'organizations',
  description: 'Accounts that come, move or leave',
  pattern: {
    source: ['aws.organizations'],
    detailType: ['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail'],
    detail: {
      eventName: [
        'CreateAccount',
        'CreateAccountResult',
        'MoveAccount',
        'CloseAccount',
        'InviteAccountToOrganization',
        'AcceptHandshake',
        'RemoveAccountFromOrganization',
        'LeaveOrganization',
      ],
      errorCode: [{ exists: false }],
    },
  },
};

/** The management account only, in Control Tower's own home Region. */
export const controlTowerRule: EventRule = {
  name: 'controltower',
  description: 'Control Tower lifecycle events',
  pattern: { source: ['aws.controltower'], detailType: ['AWS Service Event via CloudTrail'] },
};

/** Everything that reaches the hub's bus. */
export const forwardedSources: string[] = [
  'aws.guardduty',
  'aws.securityhub',
  'aws.health',
  'aws.organizations',
  'aws.controltower',
];

/** What changes the directory of accounts. */
export const accountSources: string[] = ['aws.organizations', 'aws.controltower'];
