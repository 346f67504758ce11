import type { EventQueue } from '#ports/event-queue.ts';
import type { Job, WorkQueue } from '#ports/work-queue.ts';

export type MemoryEventQueue = EventQueue & { put(body: string): void; timePasses(): void };

/** An at-least-once queue without a network; what was received comes again after `timePasses()` unless it was done. */
export function createMemoryEventQueue(): MemoryEventQueue {
  const visible = new Map<string, string>();
  const hidden = new Map<string, string>();
  let next = 0;
  return {
    put: (body) => void visible.set(`receipt-${next++}`, body),
    timePasses: () => {
      for (const [receipt, body] of hidden) visible.set(receipt, body);
      hidden.clear();
    },
    receive: async (signal) => {
      if (signal.aborted) return [];
      const taken = [...visible].slice(0, 10);
      for (const [receipt, body] of taken) {
        visible.delete(receipt);
        hidden.set(receipt, body);
      }
      return taken.map(([receipt, body]) => ({ body, receipt }));
    },
    done: async (receipts) => {
      for (const receipt of receipts) hidden.delete(receipt);
    },
  };
}

export type MemoryWorkQueue = WorkQueue & { take(): Job[] };

/** Remembers jobs in order; an id counts once. */
export function createMemoryWorkQueue(): MemoryWorkQueue {
  const seen = new Set<string>();
  let jobs: Job[] = [];
  return {
    enqueue: async (more) => {
      for (const job of more) {
        if (!seen.has(job.id)) jobs.push(job);
        seen.add(job.id);
      }
      return [];
    },
    take: () => {
      const taken = jobs;
      jobs = [];
      return taken;
    },
  };
}
