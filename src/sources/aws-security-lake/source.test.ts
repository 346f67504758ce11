import { expect, it } from 'vitest';
import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { awsColumns } from './attribute-paths.ts';
import { source } from './source.ts';

describeLogSource(source, { folder: import.meta.dirname, samples: ['security-lake-parquet/*.parquet'] });

it('gives every attribute a column of its own', () => {
  expect(new Set(Object.values(awsColumns)).size).toBe(Object.keys(awsColumns).length);
});

const columns = ['metadata', 'time', 'class_uid', 'type_uid'];

it('recognises OCSF columns, but no file that the lake wrote itself', () => {
  const sample = { key: 'any.parquet', text: '', firstLine: '' };
  expect(source.recognise.content({ ...sample, parquetColumns: columns })).toBe(true);
  expect(source.recognise.content({ ...sample, parquetColumns: [...columns, '_object'] })).toBe(false);
  expect(source.recognise.content({ ...sample, parquetColumns: ['version', 'srcaddr'] })).toBe(false);
  expect(source.recognise.content(sample)).toBe(false);
});

it.each([
  [
    'aws/VPC_FLOW/1.0/region=eu-west-1/accountId=111122223333/eventDay=20261124/0123456789abcdef0123456789abcdef.gz.parquet',
    true,
  ],
  [
    'prefix/aws/WAF/2.0/region=eu-west-1/accountId=111122223333/eventDay=20261124/0123456789abcdef0123456789abcdef.gz.parquet',
    true,
  ],
  ['aws/WAF/2.0/metadata/00000-a.metadata.json', false],
  ['ext/okta/region=eu-west-1/accountId=external/eventDay=20261124/a.parquet', false],
])('judges the key %s', (key, expected) => {
  expect(source.recognise.key.test(key)).toBe(expected);
});
