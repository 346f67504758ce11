import { describe, expect, test } from 'vitest';
import { createLogger } from '#adapters/logger/logger.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { createMemoryWorkQueue } from '../../../test/stand-ins/queues.ts';
import { nudge, nudgesFor, sweepNudges } from './delivery-queue.ts';

const NOW = Date.UTC(2026, 0, 5);
const row = (id: string, destinationKey = 'slack:#soc', dueAt = NOW) => ({ id, destinationKey, dueAt });

describe('nudges for new rows', () => {
  test('are one for each, in order, grouped by destination', () => {
    const jobs = nudgesFor([row('a'), row('b', 'slack:#web'), row('c')], NOW);

    expect(jobs).toEqual([
      { group: 'slack:#soc', id: 'a', body: 'slack:#soc' },
      { group: 'slack:#soc', id: 'c', body: 'slack:#soc' },
      { group: 'slack:#web', id: 'b', body: 'slack:#web' },
    ]);
  });

  test('are none for what is not due yet', () => {
    expect(nudgesFor([row('digest', 'slack:#soc', NOW + 1)], NOW)).toEqual([]);
  });

  test('are no more than a minute of one destination can use', () => {
    const burst = Array.from({ length: 10_000 }, (_none, n) => row(`row-${n}`));

    expect(nudgesFor([...burst, row('other', 'slack:#web')], NOW)).toHaveLength(61);
  });
});

describe('nudges of the sweeper', () => {
  const due = [{ destinationKey: 'slack:#soc', count: 2 }];

  test('are others in each minute, so that the queue does not take them for the ones before', async () => {
    const queue = createMemoryWorkQueue();
    await queue.enqueue(sweepNudges(due, NOW));
    await queue.enqueue(sweepNudges(due, NOW + 59_999));
    const first = queue.take();
    await queue.enqueue(sweepNudges(due, NOW + 60_000));

    expect([first.length, queue.take().length]).toEqual([2, 2]);
  });

  test('never have the id of another destination', () => {
    const jobs = sweepNudges([...due, { destinationKey: 'slack:#web', count: 2 }], NOW);

    expect(new Set(jobs.map(({ id }) => id)).size).toBe(4);
  });
});

describe('telling delivery', () => {
  function logged() {
    const lines: string[] = [];
    return { lines, log: createLogger({ level: 'warn', destination: { write: (line) => void lines.push(line) } }) };
  }

  test('says what the queue refused', async () => {
    const { lines, log } = logged();
    const [job] = nudgesFor([row('a')], NOW);
    if (job === undefined) throw new Error('no nudge');

    await nudge([job], { enqueue: async () => [{ job, reason: 'InternalError: try again' }] }, log);

    expect(lines.join()).toContain('the sweeper will');
    expect(lines.join()).toContain('InternalError');
  });

  test('never fails, because the rows are stored', async () => {
    const { lines, log } = logged();
    const enqueue = async () => {
      throw new YaguraError('queue.unavailable', 'SQS does not answer');
    };

    await nudge(nudgesFor([row('a')], NOW), { enqueue }, log);

    expect(lines.join()).toContain('SQS does not answer');
  });
});
