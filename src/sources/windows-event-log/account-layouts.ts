import { subject, target } from './audit-values.ts';
import type { EventLayout } from './event-layout.ts';

type Values = EventLayout['values'];

function accountChange(title: string, activity: number | string, values: Values = {}): EventLayout {
  return { title, class: 3001, status: 1, values: { ...subject, ...target, ...values }, ...activityOf(activity) };
}

function activityOf(activity: number | string): Pick<EventLayout, 'activity' | 'activityName'> {
  return typeof activity === 'string' ? { activity: 99, activityName: activity } : { activity };
}

function privileges(title: string, activity: 1 | 2, value: string): EventLayout {
  return {
    title,
    class: 3005,
    activity,
    status: 1,
    values: { ...subject, TargetSid: 'user_sid', [value]: 'privileges' },
    needs: [['privileges']],
  };
}

/** Adding or removing a member; the target is the group. */
function membership(kind: string, activity: 3 | 4): EventLayout {
  return {
    title: `A member was ${activity === 3 ? 'added to' : 'removed from'} a ${kind} group.`,
    class: 3006,
    activity,
    status: 1,
    values: {
      ...subject,
      TargetSid: 'group_sid',
      TargetUserName: 'group_name',
      TargetDomainName: 'group_domain',
      MemberSid: 'user_sid',
      MemberName: 'member_name',
    },
    needs: [
      ['group_sid', 'group_name'],
      ['user_sid', 'user_name'],
    ],
  };
}

const groupVerbs = { 1: 'created', 3: 'changed', 4: 'deleted' } as const;

/** Group Management needs a user or privileges, which a group as such does not have. */
function group(kind: string, activity: 1 | 3 | 4): EventLayout {
  return {
    title: `A ${kind} group was ${groupVerbs[activity]}.`,
    class: 3004,
    activity,
    status: 1,
    values: { ...subject, TargetSid: 'entity_uid', TargetUserName: 'entity_name' },
    fixed: { entity_type: 'Group' },
    needs: [['entity_uid', 'entity_name']],
  };
}

/** The five events of each kind of group, in the order Windows numbers them: created, changed, member added and removed, deleted. */
function groups(kind: string, ids: readonly [string, string, string, string, string]): Record<string, EventLayout> {
  const [created, changed, added, removed, deleted] = ids;
  return {
    [created]: group(kind, 1),
    [changed]: group(kind, 3),
    [added]: membership(kind, 3),
    [removed]: membership(kind, 4),
    [deleted]: group(kind, 4),
  };
}

function configured(title: string, activity: 1 | 3 | 4, type: string, values: Values): EventLayout {
  return {
    title,
    class: 3004,
    activity,
    status: 1,
    values: { ...subject, ...values },
    fixed: { entity_type: type },
    needs: [['entity_name', 'entity_uid']],
  };
}

const task = { TaskName: 'entity_name' } as const;

/** Accounts, groups, rights, and what is configured on a host. */
export const accountLayouts: Readonly<Record<string, EventLayout>> = {
  '4720': accountChange('A user account was created.', 1),
  '4722': accountChange('A user account was enabled.', 2),
  '4723': accountChange("An attempt was made to change an account's password.", 3),
  '4724': accountChange("An attempt was made to reset an account's password.", 4),
  '4725': accountChange('A user account was disabled.', 5),
  '4726': accountChange('A user account was deleted.', 6),
  '4738': accountChange('A user account was changed.', 'Change'),
  // Where other events have the account's domain, this one has the computer from which it was locked out.
  '4740': accountChange('A user account was locked out.', 9, { TargetDomainName: 'src_host' }),
  '4741': accountChange('A computer account was created.', 1),
  '4742': accountChange('A computer account was changed.', 'Change'),
  '4743': accountChange('A computer account was deleted.', 6),
  '4765': accountChange('SID History was added to an account.', 'SID History'),
  '4766': accountChange('An attempt to add SID History to an account failed.', 'SID History'),
  '4767': accountChange('A user account was unlocked.', 'Unlock'),
  '4781': accountChange('The name of an account was changed:', 'Rename', {
    OldTargetUserName: 'user_name',
    NewTargetUserName: 'result_name',
  }),
  '4704': privileges('A user right was assigned.', 1, 'PrivilegeList'),
  '4705': privileges('A user right was removed.', 2, 'PrivilegeList'),
  '4717': privileges('System security access was granted to an account.', 1, 'AccessGranted'),
  '4718': privileges('System security access was removed from an account.', 2, 'AccessRemoved'),
  ...groups('security-enabled global', ['4727', '4737', '4728', '4729', '4730']),
  ...groups('security-enabled local', ['4731', '4735', '4732', '4733', '4734']),
  ...groups('security-enabled universal', ['4754', '4755', '4756', '4757', '4758']),
  ...groups('security-disabled local', ['4744', '4745', '4746', '4747', '4748']),
  ...groups('security-disabled global', ['4749', '4750', '4751', '4752', '4753']),
  ...groups('security-disabled universal', ['4759', '4760', '4761', '4762', '4763']),
  '4697': configured('A service was installed in the system.', 1, 'Service', { ServiceName: 'entity_name' }),
  '4698': configured('A scheduled task was created.', 1, 'Scheduled Task', task),
  '4699': configured('A scheduled task was deleted.', 4, 'Scheduled Task', task),
  '4700': configured('A scheduled task was enabled.', 3, 'Scheduled Task', task),
  '4701': configured('A scheduled task was disabled.', 3, 'Scheduled Task', task),
  '4702': configured('A scheduled task was updated.', 3, 'Scheduled Task', task),
  '4719': configured('System audit policy was changed.', 3, 'Audit Policy', { SubcategoryGuid: 'entity_uid' }),
  '1102': {
    ...configured('The audit log was cleared.', 4, 'Event Log', {}),
    fixed: { entity_name: 'Security', entity_type: 'Event Log' },
  },
};
