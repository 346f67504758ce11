import { expect, it } from 'vitest';
import { kernelDropsIn } from './kernel-drops.ts';

const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  307: 0100007F:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4177 2 0000000000000000 12
  308: 00000000:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4178 2 0000000000000000 3
  309: 00000000:1202 00000000:0202 07 00000000:00000000 00:00000000 00000000     0        0 4179 2 0000000000000000 99
`;

it("adds up what the kernel dropped on a port's sockets", () => {
  expect(kernelDropsIn(TABLE, 514)).toBe(15);
});

it('says nothing of a port that is not in the table, or of a table of another form', () => {
  expect(kernelDropsIn(TABLE, 515)).toBeUndefined();
  expect(kernelDropsIn('307: 0100007F:0202 unknown', 514)).toBeUndefined();
});
