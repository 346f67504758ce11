import { describe, expect, test } from 'vitest';
import type { Job, WorkQueue } from '#ports/work-queue.ts';

export type PreparedWorkQueue = {
  readonly queue: WorkQueue;
  /** Bodies as a worker gets them, in order, all deleted afterwards. */
  work(): Promise<readonly string[]>;
};

/** What every WorkQueue must do. */
export function describeWorkQueue(name: string, prepare: () => Promise<PreparedWorkQueue>): void {
  describe(`${name} as a work queue`, () => {
    test('keeps the order of each group over many batches', async () => {
      const { queue, work } = await prepare();
      const jobs = Array.from(
        { length: 45 },
        (_empty, index): Job => ({
          group: `slack:#channel-${index % 3}`,
          id: `job-${index}`,
          body: `${index % 3}:${index}`,
        }),
      );

      const refused = await queue.enqueue(jobs);
      const bodies = await work();

      expect(refused).toEqual([]);
      for (const group of ['0', '1', '2']) {
        expect(bodies.filter((body) => body.startsWith(`${group}:`))).toEqual(
          jobs.map((job) => job.body).filter((body) => body.startsWith(`${group}:`)),
        );
      }
    });

    test('takes the same id once, whether it comes in one call or in two', async () => {
      const { queue, work } = await prepare();
      const job: Job = { group: 'slack:#soc', id: 'item-1#0', body: 'once' };

      await queue.enqueue([job, job]);
      await queue.enqueue([job, { ...job, id: 'item-1#1', body: 'again' }]);

      expect(await work()).toEqual(['once', 'again']);
    });

    test('takes groups and ids in any script and of any length', async () => {
      const { queue, work } = await prepare();
      const jobs: Job[] = [
        { group: 'slack:#決済-アラート', id: '発見 1', body: 'a' },
        { group: `amazon-q:${'x'.repeat(300)}`, id: 'y'.repeat(300), body: 'b' },
        { group: 'slack:#with space', id: '', body: '決済\n"c"' },
      ];

      const refused = await queue.enqueue(jobs);

      expect(refused).toEqual([]);
      expect([...(await work())].sort()).toEqual(['a', 'b', '決済\n"c"'].sort());
    });

    test('has nothing to do for no jobs', async () => {
      const { queue, work } = await prepare();

      expect(await queue.enqueue([])).toEqual([]);
      expect(await work()).toEqual([]);
    });
  });
}
