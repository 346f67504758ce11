import { describe, expect, it } from 'vitest';
import type { DecodeContext, Decoded, Decoder } from '#core/lake/source/log-source.ts';
import { elbOwner } from './elb-object-key.ts';
import { given, lineRows, namedValues, type ParsedLine } from './line-rows.ts';

const context: DecodeContext = { key: 'some/key', receivedAt: 0 };

function decoded(decoder: Decoder, line: string): readonly Decoded[] {
  if (decoder.kind !== 'lines') throw new TypeError('not a decoder of lines');
  return decoder.create(context).line(line);
}

const whole = (line: string): ParsedLine => ({ row: { line, short: 'x' } });

describe('rows of lines', () => {
  it('makes the parser once for each object, with its key', () => {
    const keys: string[] = [];
    const decoder = lineRows(({ key }) => {
      keys.push(key);
      return whole;
    });

    if (decoder.kind !== 'lines') throw new TypeError('not a decoder of lines');
    const reader = decoder.create(context);
    reader.line('a');
    reader.line('b');

    expect(keys).toEqual(['some/key']);
  });

  it('takes no record for a blank line', () => {
    expect(
      decoded(
        lineRows(() => whole),
        '  \r',
      ),
    ).toEqual([]);
  });

  it('passes on trouble, exclusions and rows with the line as it was', () => {
    const parse = (line: string): ParsedLine =>
      line === 'bad'
        ? { trouble: { reason: 'r', detail: 'd' } }
        : line === 'out'
          ? { excluded: 'rule' }
          : { row: { line } };
    const decoder = lineRows(() => parse);

    expect(decoded(decoder, 'bad')).toEqual([{ kind: 'trouble', trouble: { reason: 'r', detail: 'd' }, raw: 'bad' }]);
    expect(decoded(decoder, 'out')).toEqual([{ kind: 'excluded', rule: 'rule', raw: 'out' }]);
    expect(decoded(decoder, 'in ')).toEqual([{ kind: 'row', row: { line: 'in' }, raw: 'in ' }]);
  });

  it('cuts a value that is longer than OCSF allows, and keeps it whole beside', () => {
    const line = 'y'.repeat(70_000);

    const [found] = decoded(
      lineRows(() => whole),
      line,
    );

    expect(found).toMatchObject({
      kind: 'row',
      row: { line: 'y'.repeat(65_535), line_uncut: line, short: 'x' },
    });
  });

  it('leaves out values that are not there', () => {
    const decoder = lineRows(() => () => ({ row: { a: null, b: '', c: 'x' } }));

    expect(decoded(decoder, 'line')).toEqual([{ kind: 'row', row: { b: '', c: 'x' }, raw: 'line' }]);
  });

  it('refuses a line of more than a MiB', () => {
    const [found] = decoded(
      lineRows(() => whole),
      'y'.repeat(1_048_577),
    );

    expect(found).toMatchObject({ kind: 'trouble', trouble: { reason: 'line.too-long' } });
  });

  it('takes a dash for no value', () => {
    expect(['-', '', undefined, 'x'].map((value) => given(value))).toEqual([null, null, null, 'x']);
  });
});

describe('values by their names', () => {
  it('are null where the line ends earlier, and named by position where it goes on', () => {
    expect(namedValues(['x', '-', 'y'], ['a', 'b'])).toEqual({ a: 'x', b: null, field_3: 'y' });
    expect(namedValues(['x'], ['a', 'b'])).toEqual({ a: 'x', b: null });
  });

  it('get only so many names, however many there are', () => {
    const row = namedValues(
      Array.from({ length: 1000 }, (_, index) => `v${index}`),
      ['a'],
    );

    expect(Object.keys(row)).toHaveLength(22);
    expect(row['more_fields']?.split(' ')).toHaveLength(979);
  });
});

describe('keys of load balancer logs', () => {
  const folder = 'p/AWSLogs/111122223333/elasticloadbalancing/us-east-2/2026/11/20';

  it.each([
    ['111122223333_elasticloadbalancing_us-east-2_app.my-lb.50dc6c495c0c9188_20261120T2340Z_192.0.2.10_x1.log.gz'],
    [
      'conn_log_111122223333_elasticloadbalancing_us-east-2_app.my-lb.50dc6c495c0c9188_20261120T2340Z_192.0.2.10_x1.log.gz',
    ],
    [
      'conn_log.111122223333_elasticloadbalancing_us-east-2_app.my-lb.50dc6c495c0c9188_20261120T2340Z_192.0.2.10_x1.log.gz',
    ],
  ])('tell account, Region, load balancer and node: %s', (file) => {
    expect(elbOwner(`${folder}/${file}`)).toEqual({
      key_account: '111122223333',
      key_region: 'us-east-2',
      key_elb: 'app/my-lb/50dc6c495c0c9188',
      key_node_ip: '192.0.2.10',
    });
  });

  it('tell the name of a Classic Load Balancer', () => {
    const file = '111122223333_elasticloadbalancing_us-east-2_my-classic_20261120T2340Z_172.160.001.192_20sg8hgm.log';

    expect(elbOwner(`${folder}/${file}`)).toMatchObject({ key_elb: 'my-classic', key_node_ip: null });
  });

  it('tell nothing where they are others', () => {
    expect(elbOwner('my/own/name.log')).toEqual({
      key_account: null,
      key_region: null,
      key_elb: null,
      key_node_ip: null,
    });
  });
});
