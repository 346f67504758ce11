import { type AuthEvent, type AuthFact, type FactPattern, factOf, firstFact } from './auth-fact.ts';

const NAME = '[\'"`]?(?<user>[^\'"`]{1,256}?)[\'"`]?';
const GROUP = '[\'"`]?(?<group>[^\'"`]{1,256}?)[\'"`]?';

const passwordEvents: Readonly<Record<string, AuthEvent>> = {
  lock: 'user-locked',
  unlock: 'user-enabled',
  change: 'password-reset',
};

const userPatterns: readonly FactPattern[] = [
  {
    pattern: /^new user: (?<values>name=.{1,4000})$/s,
    fact: ({ values = '' }) => {
      const { name, UID, ...others } = valuesOf(values);
      return factOf('user-created', { user: name, userUid: UID, detail: 'new user', others });
    },
  },
  {
    pattern: new RegExp(`^(?<detail>failed adding user) ${NAME}(?<reason>, .{1,400})?$`, 's'),
    fact: ({ user, detail, reason = '' }) =>
      factOf('user-created', { user, detail: `${detail}${reason}`, failed: true }),
  },
  {
    pattern: new RegExp(`^delete user ${NAME}$`, 's'),
    fact: ({ user }) => factOf('user-deleted', { user, detail: 'delete user' }),
  },
  {
    pattern: new RegExp(`^(?<done>lock|unlock|change) user ${NAME} password$`, 's'),
    fact: ({ user, done = '' }) => factOf(passwordEvents[done] ?? 'user-changed', { user, detail: `${done} password` }),
  },
  {
    pattern: new RegExp(`^change user (?:name )?${NAME} (?<detail>.{1,1000})$`, 's'),
    fact: ({ user, detail }) => factOf('user-changed', { user, detail }),
  },
  {
    pattern: new RegExp(`^changed (?<detail>password expiry) for ${NAME}$`, 's'),
    fact: ({ user, detail }) => factOf('user-changed', { user, detail }),
  },
  {
    pattern: new RegExp(`^changed user ${NAME} (?<detail>information|shell to .{1,1000})$`, 's'),
    fact: ({ user, detail }) => factOf('user-changed', { user, detail }),
  },
  {
    pattern:
      /^password for (?:user )?['"`]?(?<user>[^'"`]{1,256}?)['"`]? changed by ['"`]?(?<actor>[^'"`]{1,256}?)['"`]?$/s,
    fact: ({ user, actor }) =>
      factOf(user === actor ? 'password-changed' : 'password-reset', { user, actor, detail: 'password changed' }),
  },
];

const groupPatterns: readonly FactPattern[] = [
  {
    pattern: new RegExp(`^add ${NAME} to (?<shadow>shadow )?group ${GROUP}$`, 's'),
    fact: (found) => memberFact('member-added', found),
  },
  {
    pattern: new RegExp(`^delete ${NAME} from (?<shadow>shadow )?group ${GROUP}$`, 's'),
    fact: (found) => memberFact('member-removed', found),
  },
  {
    pattern:
      /^user (?<user>.{1,256}?) (?<done>added|removed) by (?<actor>.{1,256}?) (?:to|from) group (?<group>.{1,256})$/s,
    fact: (found) => memberFact(found['done'] === 'added' ? 'member-added' : 'member-removed', found),
  },
  {
    pattern: /^(?:new group|group added to (?<file>\S{1,100})): (?<values>name=.{1,1000})$/s,
    fact: ({ values = '', file }) => {
      const { name, GID, ...others } = valuesOf(values);
      return factOf('group-created', { group: name, groupUid: GID, detail: withFile('new group', file), others });
    },
  },
  {
    pattern: new RegExp(`^group ${GROUP} removed(?: from (?<file>\\S{1,100}))?$`, 's'),
    fact: ({ group, file }) => factOf('group-deleted', { group, detail: withFile('group removed', file) }),
  },
  {
    pattern: new RegExp(
      `^removed (?<shadow>shadow )?group ${GROUP} owned by ['"\`]?(?<owner>[^'"\`]{1,256}?)['"\`]?$`,
      's',
    ),
    fact: ({ group, shadow = '', owner = '' }) =>
      factOf('group-deleted', { group, detail: `removed ${shadow}group`, others: { 'group.owner': owner } }),
  },
  {
    pattern:
      /^group changed in (?<file>\S{1,100}) \(group (?<group>[^/,]{1,256})(?:\/(?<groupUid>\d{1,10}))?(?<what>, .{1,1000})?\)$/s,
    fact: ({ file, group, groupUid, what = '' }) =>
      factOf('group-changed', { group, groupUid, detail: `${withFile('group changed', file)}${what}` }),
  },
  {
    pattern:
      /^(?<detail>members|administrators) of group (?<group>.{1,256}?) set by (?<actor>.{1,256}?) to (?<members>.{0,4000})$/s,
    fact: ({ detail, group, actor, members = '' }) =>
      factOf('group-changed', { group, actor, detail: `${detail} set`, others: { [`group.${detail}`]: members } }),
  },
];

/** What a message of useradd, usermod, userdel, groupadd, gpasswd, passwd, chage and their like says. */
export function accountFact(message: string): AuthFact | undefined {
  return firstFact(groupPatterns, message) ?? firstFact(userPatterns, message);
}

function memberFact(
  event: 'member-added' | 'member-removed',
  { user, group, actor, shadow }: Readonly<Record<string, string | undefined>>,
): AuthFact {
  return factOf(event, { user, group, actor, detail: shadow === undefined ? undefined : 'shadow group' });
}

function withFile(detail: string, file: string | undefined): string {
  return file === undefined ? detail : `${detail}, ${file}`;
}

/** `name=alice, UID=1001`; a value holds no comma and space. */
function valuesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(', ').flatMap((pair) => {
      const equals = pair.indexOf('=');
      return equals < 1 ? [] : [[pair.slice(0, equals), pair.slice(equals + 1)]];
    }),
  );
}
