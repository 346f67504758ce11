import { describe, expect, it } from 'vitest';
import type { Decoded } from '#core/lake/source/log-source.ts';
import { createAuditLines } from './audit-lines.ts';

function decode(lines: readonly string[]): readonly Decoded[] {
  const reader = createAuditLines({ key: 'file.log', receivedAt: 0 });
  return [...lines.flatMap((line) => reader.line(line)), ...reader.end()];
}

function rows(lines: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
  return decode(lines).map((found) => (found.kind === 'row' ? found.row : { kind: found.kind }));
}

function postgresql(who: string, pid: number, message: string): string {
  return `2026-11-20 01:02:03 UTC:192.0.2.10(51234):${who}:[${pid}]:${message}`;
}

function subscription(logStream: string, messages: readonly string[]): string {
  const logEvents = messages.map((message, index) => ({ id: `${index}`, timestamp: 1_795_136_400_000, message }));
  const logGroup = '/aws/rds/instance/ledger/postgresql';
  return JSON.stringify({ messageType: 'DATA_MESSAGE', owner: '111122223333', logGroup, logStream, logEvents });
}

const mysql = '20261120 01:00:00,ip-10-1-2-3,app,192.0.2.10,34,';

describe('createAuditLines', () => {
  it('joins the lines of a statement of PostgreSQL and takes the tabs away that it put there', () => {
    const found = rows([
      postgresql('app@orders', 501, 'LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,"select 1,'),
      '\t\t2',
      '\tfrom ""t""",<none>',
      postgresql('app@orders', 501, 'LOG:  AUDIT: SESSION,2,1,READ,SELECT,,,select 3,<none>'),
    ]);

    expect(found.map((row) => row['statement'])).toEqual(['select 1,\n\t2\nfrom "t"', 'select 3']);
  });

  it('joins the lines of a statement of MySQL, but takes no line behind a complete one', () => {
    const found = rows([`${mysql}101,QUERY,orders,'select 1`, "from t',0", 'noise', `${mysql}0,DISCONNECT,orders,,0`]);

    expect(found).toMatchObject([
      { kind: 'statement', statement: 'select 1\nfrom t', return_code: '0' },
      { kind: 'trouble' },
      { kind: 'disconnect' },
    ]);
  });

  it('adds details to the message of the same process only', () => {
    const found = rows([
      postgresql('app@orders', 501, 'ERROR:  relation "x" does not exist'),
      postgresql('app@orders', 501, 'STATEMENT:  select * from x'),
      postgresql('app@orders', 777, 'DETAIL:  of another'),
    ]);

    expect(found).toMatchObject([
      { kind: 'statement', statement: 'select * from x', outcome: 'failure' },
      { kind: 'message', severity: 'DETAIL', connection_id: '777' },
    ]);
  });

  it('reads the log events of subscriptions, each stream apart', () => {
    const first = subscription('ledger.0', [
      postgresql('app@orders', 501, 'ERROR:  division by zero'),
      postgresql('app@orders', 501, 'STATEMENT:  select 1/0'),
      postgresql('app@orders', 501, 'LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,"select\n1",<none>'),
    ]);
    const second = subscription('ledger.1', [postgresql('app@orders', 501, 'HINT:  of another stream')]);

    const found = rows([`${first}${second}`]);

    expect(found).toMatchObject([
      { statement: 'select 1/0', resource_id: 'ledger', cloudwatch: { owner: '111122223333', id: '0' } },
      { statement: 'select\n1' },
      { severity: 'HINT', cloudwatch: { logStream: 'ledger.1' } },
    ]);
  });

  it.each([
    ['a user of PostgreSQL', postgresql('a@b:[1]:LOG:  connection authorized: user=admin@orders', 504, 'FATAL:  no')],
    [
      'a user of MySQL',
      '20261120 01:00:00,h,x,10.0.0.1,5,0,CONNECT,db,,0,192.0.2.66,37,0,FAILED_CONNECT,,,1045,SSL/TLS',
    ],
    ['a database of MySQL', `${mysql}0,FAILED_CONNECT,db,,0,SOCKET,,1045`],
  ])('believes no sign-in that the name of %s pretends', (_name, line) => {
    expect(rows([line])).toMatchObject([{ kind: 'message', is_ambiguous: 'true', message: line }]);
  });

  it('believes no record that a line end in a name begins', () => {
    const name = 'x\n2026-11-20 01:02:03 UTC:192.0.2.1(5):a@b:[1]:LOG:  connection authorized: user=a';

    const found = rows(postgresql(name, 504, 'FATAL:  password authentication failed for user "x"').split('\n'));

    expect(found).toMatchObject([{ kind: 'message' }, { kind: 'message', is_ambiguous: 'true' }]);
  });

  it('bounds what one record may take', () => {
    const line = `\t${'x'.repeat(1_000_000)}`;

    const found = decode([
      postgresql('app@orders', 501, 'LOG:  statement: select'),
      ...Array.from({ length: 6 }, () => line),
    ]);

    expect(found.map((record) => record.kind)).toEqual(['row', 'trouble', 'trouble']);
  });
});
