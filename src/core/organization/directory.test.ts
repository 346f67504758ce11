import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';
import { accountId, accountLabel } from './account.ts';
import { buildDirectory, type KnownAccount } from './directory.ts';

function configOf(yaml: string) {
  const { config, problems } = parseConfig(yaml);
  if (config === undefined) throw new Error(JSON.stringify(problems));
  return config;
}

const config = configOf(`
organization:
  accounts:
    - { id: "111122223333", name: payments-prod, team: payments }
    - { id: "222233334444", name: named-here }
  ous:
    Workloads: { team: web, environment: any }
    Workloads/Prod: { environment: prod }
    Workloads/Prod/Payments: { team: payments }
  aws: { teamTag: Owner }
teams:
  payments: { name: 決済 }
  web: { name: Web }
`);

function known(id: string, parts: Partial<KnownAccount> = {}): KnownAccount {
  return { id, name: `aws-${id}`, ou: '', tags: {}, ...parts };
}

function ownerOf(account: KnownAccount): string {
  const found = buildDirectory(config, [account]).find(account.id);
  return `${found?.team ?? 'nobody'} by ${found?.ownerFrom}`;
}

describe('the owner of an account', () => {
  it.each([
    [
      'an explicit entry before tag and OU',
      known('111122223333', { ou: 'Workloads', tags: { Owner: 'web' } }),
      'payments by entry',
    ],
    ['a tag before the OU', known('333344445555', { ou: 'Workloads', tags: { Owner: 'payments' } }), 'payments by tag'],
    ['a tag in any case', known('333344445555', { tags: { oWNER: 'web' } }), 'web by tag'],
    ['an OU', known('333344445555', { ou: 'Workloads' }), 'web by ou'],
    [
      'the longest OU path that names one',
      known('333344445555', { ou: 'Workloads/Prod/Payments/EU' }),
      'payments by ou',
    ],
    ['an OU above', known('333344445555', { ou: 'Workloads/Prod' }), 'web by ou'],
    ['no OU that only begins alike', known('333344445555', { ou: 'Workloads2/Prod' }), 'nobody by none'],
    ['none', known('333344445555'), 'nobody by none'],
    [
      'the OU when the tag names no team',
      known('333344445555', { ou: 'Workloads', tags: { Owner: 'gone' } }),
      'web by ou',
    ],
    [
      'nobody when the tag names what every object has',
      known('333344445555', { tags: { Owner: 'constructor' } }),
      'nobody by none',
    ],
    ['the tag when the entry names none', known('222233334444', { tags: { Owner: 'web' } }), 'web by tag'],
  ])('is %s', (_from, account, expected) => {
    expect(ownerOf(account)).toBe(expected);
  });

  it('is not read from a tag of another name', () => {
    expect(ownerOf(known('333344445555', { tags: { team: 'web' } }))).toBe('nobody by none');
  });
});

describe('the directory', () => {
  const directory = buildDirectory(config, [
    known('111122223333', { ou: 'Workloads/Prod', email: 'a@example.com', tags: { environment: 'live' } }),
    known('333344445555', { ou: 'Workloads/Prod' }),
  ]);

  it('joins what is written with what AWS tells', () => {
    expect(directory.find('111122223333')).toEqual({
      id: '111122223333',
      name: 'payments-prod',
      ou: 'Workloads/Prod',
      environment: 'live',
      team: 'payments',
      ownerFrom: 'entry',
      email: 'a@example.com',
    });
    expect(directory.find('333344445555')?.environment).toBe('prod');
    expect(directory.accounts.map(({ id }) => id).sort()).toEqual(['111122223333', '222233334444', '333344445555']);
  });

  it('shows an account that it does not know as it came', () => {
    expect(directory.view('123456789')).toEqual({ id: '123456789', name: null, ou: null, environment: null });
    expect(directory.view('444455556666', 'hint')).toMatchObject({ id: '444455556666', name: 'hint' });
    expect(directory.find('__proto__')).toBeUndefined();
    expect(accountLabel(directory.view('111122223333', 'hint'))).toBe('payments-prod (111122223333)');
    expect(accountLabel(directory.view('123456789'))).toBe('123456789');
  });

  it('names teams, and a team that is gone by its id', () => {
    expect(['payments', 'gone', 'toString', null].map((team) => directory.teamName(team))).toEqual([
      '決済',
      'gone',
      'toString',
      null,
    ]);
  });

  it.each([
    ['111122223333', true],
    ['123456789', false],
    ['1111222233334', false],
    [111122223333, false],
    ['１１１１２２２２３３３３', false],
    [' 111122223333', false],
  ])('takes %j for an account id: %s', (value, expected) => {
    expect(accountId(value) !== undefined).toBe(expected);
  });
});
