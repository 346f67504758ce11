import { describe, expect, it } from 'vitest';
import { auditFields } from './audit-fields.ts';
import { execArguments, fieldText, titleText } from './decode-value.ts';

function valuesOf(body: string): Readonly<Record<string, string>> {
  return Object.fromEntries(auditFields(body).fields.map((field) => [field.key, fieldText(field)]));
}

describe('the fields of a record', () => {
  it.each([
    ['an encoded name', 'name=2F746D702F6120622E747874', { name: '/tmp/a b.txt' }],
    ['a quoted name that looks encoded', 'name="2F746D70"', { name: '2F746D70' }],
    ['a name that is no UTF-8', 'acct=CAFE20 ses=12', { acct: '\\xca\\xfe ', ses: '12' }],
    ['a user whose name cannot have been encoded', 'acct=4142', { acct: '4142' }],
    ['a number that is none of the encoded fields', 'a0=2F20 exit=-2', { a0: '2F20', exit: '-2' }],
    ['bytes that are no UTF-8', 'comm=FF41', { comm: '\\xffA' }],
    ['a value without an end', 'comm="bash exe=/x', { comm: '"bash', exe: '/x' }],
    [
      'fields within a message',
      `pid=1 msg='op=login acct="o'neil" res=success'`,
      { pid: '1', op: 'login', acct: "o'neil", res: 'success' },
    ],
    ['a message that is cut off', `pid=1 msg='op=login acct="o'neil`, { pid: '1', op: 'login', acct: '"o\'neil' }],
    ['an operation of several words', "msg='op=adding user to group id=5'", { op: 'adding user to group', id: '5' }],
    [
      'names that were looked up',
      'uid=0\u001dUID="root" SADDR={ saddr_fam=inet lport=53 }',
      { uid: '0', UID: 'root', SADDR: '{ saddr_fam=inet lport=53 }' },
    ],
    ['names that were looked up, behind rsyslog', 'msg=\'acct="a"\'#035UID="root"', { acct: 'a', UID: 'root' }],
    ['a file name that looks like such names', 'name="a#035UID=0" uid=1', { name: 'a#035UID=0', uid: '1' }],
    ['nothing', '', {}],
  ])('are read: %s', (_name, body, values) => {
    expect(valuesOf(body)).toEqual(values);
  });

  it('leave words that belong to none of them', () => {
    expect(auditFields('avc:  denied  { read } for  pid=1').words).toBe('avc: denied { read } for');
  });

  it('are read in time from a hostile record', () => {
    const before = process.cpuUsage();

    auditFields(`msg='${`a="'={ `.repeat(120_000)}`);
    auditFields(`${'#035"'.repeat(200_000)}`);

    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2000);
  });
});

describe('the arguments of a program', () => {
  it('are joined from their pieces before they are decoded', () => {
    const [first, second] = ['argc=2 a0="x" a1_len=6 a1[0]=C3', 'a1[1]=A9 a1[2]="!"'].map(
      (body) => auditFields(body).fields,
    );

    expect(execArguments([...(first ?? []), ...(second ?? [])])).toEqual(['x', 'é!']);
  });

  it('are parted by NULs in a title', () => {
    const [title] = auditFields('proctitle=6C73002D6C00').fields.map(fieldText);

    expect(titleText(title ?? '')).toBe('ls -l');
  });
});
