import { describe, expect, it } from 'vitest';
import { mysqlRow } from './mysql-row.ts';
import { firstWord } from './statement.ts';

const head = '20261120 01:02:03,ip-10-1-2-3,app,192.0.2.10,34,';

describe('mysqlRow', () => {
  it.each([
    [`${head}0,CONNECT,orders,,0`, { kind: 'connect', outcome: 'success', database: 'orders' }],
    [`${head}0,CONNECT,,,1045`, { kind: 'connect', outcome: 'failure', return_code: '1045' }],
    [`${head}0,FAILED_CONNECT,,,0,SSL/TLS`, { kind: 'connect', outcome: 'failure', connection_type: 'SSL/TLS' }],
    [`${head}7,READ,orders,t,`, { kind: 'table', verb: 'READ', object: 't', outcome: null }],
    [`${head}7,QUERY,,'select \\'it\\\\\\'s\\'\\n',0,,`, { statement: "select 'it\\'s'\n", outcome: 'success' }],
    [`${head}7,QUERY,,'it's',1064`, { statement: "it's", outcome: 'failure', return_code: '1064' }],
    [`${head}7,QUERY,,'select 1`, { statement: 'select 1', is_cut: 'true' }],
    [`${head}7,QUERY,,'a'b`, { kind: 'message', is_ambiguous: 'true' }],
    [`${head}7,QUERY`, { kind: 'message' }],
  ])('reads %s', (line, row) => {
    expect(mysqlRow(line)).toMatchObject(row);
  });

  it.each([
    ['20261120 01:02:03', '2026-11-20T01:02:03Z'],
    ['1795136523123456', '2026-11-20T01:02:03.123456Z'],
    ['1795136523123', '2026-11-20T01:02:03.123Z'],
  ])('reads the time %s', (stamp, time) => {
    expect(mysqlRow(`${stamp},h,u,192.0.2.1,1,0,CONNECT,,,0`)).toMatchObject({ time: stamp, time_utc: time });
  });
});

describe('firstWord', () => {
  it.each([
    ['  select 1', 'SELECT'],
    ['/* a */ -- b\n# c\n(insert into t', 'INSERT'],
    ['/* never closed', null],
    ['-- only this', null],
    ['/**/'.repeat(2000), null],
    ['', null],
  ])('of %j is %s', (statement, word) => {
    expect(firstWord(statement)).toBe(word);
  });
});
