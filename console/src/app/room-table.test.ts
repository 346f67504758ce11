import { describe, expect, it } from 'vitest';
import { findingKeyAt, findingPath, ROOMS, roomAt } from './room-table.ts';

describe('rooms', () => {
  it('are found by their path, with or without a slash at the end', () => {
    for (const room of ROOMS)
      expect([roomAt(room.path)?.id, roomAt(`${room.path}/`)?.id ?? room.id]).toEqual([room.id, room.id]);
  });

  it('do not exist elsewhere', () => {
    expect([roomAt('/nowhere'), roomAt('/findingsx'), roomAt('/messages/1')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the address of a finding', () => {
  it.each([
    'guardduty:abc',
    'health:arn:aws:health:ap-northeast-1::event/RDS/AWS_RDS_MAINTENANCE/x+111122223333',
    'securityhub:S3.8|arn:aws:s3:::a b?c#d%2Fe&f',
    '検出:日本語/🔥',
  ])('holds the key %s', (key) => {
    expect(findingKeyAt(new URL(findingPath(key), 'http://127.0.0.1').pathname)).toBe(key);
  });

  it('is understood with its slashes decoded', () => {
    expect(findingKeyAt('/findings/health:arn/x/y')).toBe('health:arn/x/y');
  });

  it('is understood with a lone percent sign', () => {
    expect(findingKeyAt('/findings/100%')).toBe('100%');
  });

  it('is not the list of findings', () => {
    expect([findingKeyAt('/findings'), findingKeyAt('/findings/')]).toEqual([undefined, undefined]);
  });
});
